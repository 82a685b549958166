import { HalfpriceError } from "../foundation/errors/index.ts";
import { makeMoneyLines } from "../foundation/money-line.ts";
import type { Notify } from "../notify/notify.ts";
import { sendNotices as send } from "../notify/send-notices.ts";
import { showRun } from "../workspace/show-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import type { BatchRun } from "./batch-run/batch-run.ts";
import { inLibrarySession } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";

export type { Notify };

/**
 * Tells somebody that a run has ended: on the desktop, by a command, a webhook, or SNS. What fails is no failure of the run's.
 * @returns a sentence for each way that failed
 * @throws NO_RESULTS before the run has ended
 */
export async function sendNotices(
  run: BatchRun<object>,
  ways: readonly Notify[],
  options: SessionOptions = {},
): Promise<readonly string[]> {
  refuseUnknownOptions(options, [], "sendNotices");
  if (ways.length === 0) return [];
  return inLibrarySession(options, async (session) => {
    const { row, plan } = await showRun(session, run.id);
    const { summary, origin, name } = row;
    if (summary === undefined) throw new HalfpriceError("NO_RESULTS", { runId: run.id, state: row.state });
    const { rowCount, outcomeCounts, paidUsd } = summary;
    const [line = ""] = makeMoneyLines({ summary, model: plan.model, origin });
    const notice = {
      text: `${name}: ${line}`,
      ...{
        runId: run.id,
        name,
        state: "done" as const,
        rowCount,
        answeredCount: outcomeCounts.answered,
        outcomeCounts,
      },
      paidUsd: origin.kind === "local" ? null : (paidUsd ?? null),
      output: run.files.output ?? null,
      report: run.files.report,
    };
    return send(ways, notice, session.connection);
  });
}
