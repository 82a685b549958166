import type { Identity } from "../aws/sts.ts";
import { explainJob, nameRun } from "../explanations/explain.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { describeOrigin, isSameOrigin } from "../foundation/origin.ts";
import type { AskedJobs } from "../run/clients/ask-jobs.ts";
import { toOrigin } from "../workspace/session.ts";
import type { ShownRun } from "../workspace/show-run.ts";
import type { NamedResult } from "./check-account.ts";
import { fail, pass, warn } from "./checks/check.ts";

/**
 * Where a run belongs, how its jobs are and why rows have no answer.
 * @param asked what the service says of jobs under way; of the others the ledger knows it
 */
export function checkRun(
  { row, shards }: ShownRun,
  identity: Identity | undefined,
  asked: AskedJobs | undefined,
): readonly NamedResult[] {
  const results: NamedResult[] = [];
  if (identity !== undefined) {
    const origin = toOrigin(identity);
    const details = { runId: row.id, runOrigin: describeOrigin(row.origin), origin: describeOrigin(origin) };
    const subject = `run ${row.id}`;
    results.push({
      check: "run-origin",
      ...(isSameOrigin(origin, row.origin)
        ? pass(subject, `belongs to ${describeOrigin(origin)}`)
        : fail(subject, new HalfpriceError("WRONG_ORIGIN", details))),
    });
  }
  if (asked?.unknown !== undefined) {
    const jobs = asked.unknownIndexes.map((index) => `job ${index + 1}`).join(", ");
    results.push({ check: "run-job", ...fail(jobs, asked.unknown) });
  }
  if (asked?.problem !== undefined) {
    const said = `the service could not be asked: ${asked.problem}`;
    results.push({ check: "run-job", ...warn(`run ${row.id}`, said, { fix: `halfprice show ${row.id}` }) });
  }
  for (const { index, attempt } of shards) {
    if (attempt?.status === undefined || asked?.unknownIndexes.includes(index) === true) continue;
    const { status, message, counts } = asked?.found.get(index) ?? { ...attempt, status: attempt.status };
    const { manifest } = attempt;
    const subject = `job ${index + 1}`;
    const found = explainJob({ status, message, counts, hasOutput: manifest !== undefined });
    const explanation = found === undefined ? undefined : nameRun(found, row.id);
    const ended = message === undefined ? `ended ${status}` : `ended ${status}: ${message}`;
    results.push({
      check: "run-job",
      ...(explanation === undefined
        ? pass(subject, `is ${status}`)
        : fail(
            subject,
            new HalfpriceError("JOB_FAILED", { runId: row.id, failed: [`${subject} ${ended}`], explanation }),
          )),
    });
  }
  for (const { outcome, message, count, explanation } of row.summary?.causes ?? []) {
    const rows = count.toLocaleString("en-US");
    results.push({
      check: "run-rows",
      ...warn(`${rows} rows: ${outcome}`, explanation === undefined ? message : `${message}: ${explanation.cause}`, {
        fix: explanation?.fix ?? `halfprice show ${row.id}`,
      }),
    });
  }
  return results;
}
