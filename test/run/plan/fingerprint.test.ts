import { expect, it } from "vitest";
import { parseRunOptions } from "../../../src/foundation/options/run-options.ts";
import { planRun } from "../../../src/run/plan/plan-run.ts";
import { readRequest } from "../../../src/run/plan/read-request.ts";
import { driveRun } from "../../../src/run/start-and-resume/drive-run.ts";
import { openLocalRun, startTestRun, writeTexts } from "../../support/local-run.ts";

it("a run that is under way in batch is joined without a route and by batch, and not by on demand", async () => {
  const { folder, session } = await openLocalRun({ speed: 60 });
  const table = writeTexts(folder, 120);
  const id = await startTestRun(session, table);
  await driveRun(session, id, "once");
  const find = async (route?: string): Promise<string | undefined> => {
    const options = parseRunOptions({ ...(route !== undefined && { route }) }, "test");
    const request = await readRequest({ first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" }, options);
    return (await planRun(session, request)).unfinished?.id;
  };
  expect([await find(), await find("batch"), await find("on-demand")]).toEqual([id, id, undefined]);
});
