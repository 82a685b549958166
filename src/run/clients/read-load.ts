import { readModelLoad } from "../../aws/cloudwatch.ts";
import { isError } from "../../foundation/errors/index.ts";
import type { JobLoad } from "../../jobs/job-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { identify, type Session } from "../../workspace/session.ts";

const hourMs = 60 * 60_000;

/** The same for whoever has not worked on the run: only where the credentials are of its account. */
export async function readRunLoad(session: Session, run: RunFile): Promise<JobLoad> {
  try {
    const { accountId, region } = await identify(session);
    if (accountId === run.origin.accountId && region === run.origin.region) return await readLoad(session, run);
    const problem = `these credentials are of account ${accountId} in ${region}, the run is of ${run.origin.accountId} in ${run.origin.region}`;
    return { label: run.model.label, problem };
  } catch (error) {
    if (isError(error)) return { label: run.model.label, problem: error.message };
    throw error;
  }
}

/** The last hour of the model's metrics. The local service's clock may be hours ahead, by which it dates them. */
export async function readLoad({ connection, nowMs }: Session, { model, origin }: RunFile): Promise<JobLoad> {
  const toMs = nowMs() + (origin.kind === "local" ? 24 * 30 * hourMs : 0);
  try {
    // Of an ARN the metrics have what it ends with.
    const ids = [...new Set([model.invokeId, model.invokeId.split("/").at(-1) ?? "", model.baseId])];
    return { label: model.label, load: await readModelLoad(connection, ids, nowMs() - hourMs, toMs) };
  } catch (error) {
    // It is a view on the side: no run fails by it, whatever it was.
    return { label: model.label, problem: error instanceof Error ? error.message : String(error) };
  }
}
