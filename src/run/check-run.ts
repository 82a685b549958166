import type { Identity } from "../aws/sts.ts";
import { fail, pass, warn } from "../checks/check.ts";
import { HalfpriceError } from "../errors.ts";
import { explainJob, nameRun } from "../explanations/explain.ts";
import type { NamedResult } from "./check-account.ts";
import { toOrigin } from "./session.ts";
import type { ShownRun } from "./show-run.ts";

/** What a run's own ledger says: where it belongs, how its jobs ended and why rows have no answer. Asks nobody. */
export function checkRun({ row, shards }: ShownRun, identity: Identity | undefined): readonly NamedResult[] {
  const results: NamedResult[] = [];
  if (identity !== undefined) {
    const origin = toOrigin(identity);
    const isSame =
      origin.kind === row.origin.kind &&
      origin.accountId === row.origin.accountId &&
      origin.region === row.origin.region;
    const say = ({ kind, accountId, region }: typeof origin): string =>
      kind === "local" ? `the local service (${region})` : `account ${accountId} in ${region}`;
    const details = { runId: row.id, runOrigin: say(row.origin), origin: say(origin) };
    const subject = `run ${row.id}`;
    results.push({
      check: "run-origin",
      ...(isSame
        ? pass(subject, `belongs to ${say(origin)}`)
        : fail(subject, new HalfpriceError("WRONG_ORIGIN", details))),
    });
  }
  for (const { index, attempt } of shards) {
    if (attempt?.status === undefined) continue;
    const { status, message, counts, manifest } = attempt;
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
