import { join } from "node:path";
import { Command } from "commander";
import {
  addCommonOptions,
  addPlaceOptions,
  addPromptOptions,
  addRunOptions,
  type RunFlags,
} from "../../src/cli/options/options.ts";
import { readCommandRequest } from "../../src/cli/options/read-command-request.ts";
import { formatError } from "../../src/cli/print-error.ts";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { readBatch } from "../../src/library/read-batch.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import type { Session } from "../../src/workspace/session.ts";
import type { CliResult } from "./run-cli.ts";

/**
 * What `halfprice plan TABLE … --json` gives, without a process for it: the same options, the same plan, the same words of an error. Paths
 * below the folder are shown as somebody sees them who works there.
 */
export async function planHere(
  session: Session,
  folder: string,
  table: string,
  options: readonly string[],
): Promise<CliResult> {
  const show = (text: string): string => text.replaceAll(`${folder}/`, "");
  try {
    const command = addCommonOptions(addPlaceOptions(addRunOptions(addPromptOptions(new Command()))));
    command.exitOverride().parse([...options], { from: "user" });
    const { batch, options: wanted } = await readCommandRequest(
      join(folder, table),
      undefined,
      command.opts<RunFlags>(),
      "halfprice plan",
    );
    const request = await readBatch(batch, wanted, "halfprice plan");
    const { plan } = await planRun(session, request);
    return { code: 0, stdout: show(JSON.stringify(plan)), stderr: "" };
  } catch (error) {
    if (!(error instanceof HalfpriceError)) throw error;
    return { code: error.exitCode, stdout: "", stderr: show(formatError(error)) };
  }
}
