import type { InvocationType, Plan } from "../../foundation/types/index.ts";
import { type CheckResult, pass, warn } from "./check.ts";

const count = (value: number): string => value.toLocaleString("en-US");
const usd = (value: number): string => `$${value.toFixed(2)}`;

/** How many records go into how many jobs. @see sources#minimum-records, collected 2026-11-21 */
export function describeRecords({ shards, limits, recordCount, lanes }: Plan): CheckResult {
  const { minRecordsPerJob: minimum, maxRecordsPerJob: most, source } = limits;
  const jobs = shards.length === 1 ? "one job" : `${count(shards.length)} jobs`;
  const rest = lanes.find(({ lane }) => lane === "on_demand");
  const apart = rest === undefined ? "" : `, ${count(rest.recordCount)} of them on demand`;
  return pass(
    "records",
    `${count(recordCount)} in ${jobs}${apart}; a job takes ${count(minimum)} to ${count(most)} (${source})`,
  );
}

/** What holds by the way the requests are made, and what the table makes of them. */
export function describePlan(
  plan: Plan,
  invocation: InvocationType,
  isRaw: boolean,
): Readonly<Record<string, CheckResult>> {
  const { model, sizeBytes, shards, limits, emptyCells, skippedCount, rowCount } = plan;
  const largest = Math.max(0, ...shards.map((shard) => shard.sizeBytes));
  const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  const empty = Object.entries(emptyCells).filter(([, cells]) => cells > 0);
  const cells = empty.map(([name, cells]) => `${name}: ${count(cells)} empty`).join(", ");
  const skipped =
    skippedCount === 0 ? "" : `; ${count(skippedCount)} rows have no text in their prompt and are skipped`;
  return {
    "record-size": pass(
      "size",
      `${megabytes(sizeBytes)}, the largest file ${megabytes(largest)} of ${megabytes(limits.maxFileSizeBytes)}`,
    ),
    requests: pass(
      "requests",
      isRaw
        ? `every ready body fits ${model.label} and ${invocation}`
        : `written as ${model.label} takes them, for ${invocation}`,
    ),
    lines: pass("lines", "UTF-8, one JSON object a line, every record id once: by construction"),
    "job-name": pass(
      "job names",
      "letters, digits and hyphens, at most 63, with the run's id and the attempt in them: no two alike, by construction",
    ),
    parameters: pass("parameters", `nothing that ${model.label} is known to refuse`, { isLikely: true }),
    cells:
      empty.length === 0 && skippedCount === 0
        ? pass("cells", `no empty cell in the columns that the prompt uses, over ${count(rowCount)} rows`)
        : warn("cells", `${cells}${skipped}`, {
            fix: "look at three rendered prompts: halfprice plan; fill or leave out such rows",
          }),
    "model-life":
      (model.warnings ?? []).length === 0
        ? pass("model's life", `nothing is known against ${model.label}`)
        : warn("model's life", (model.warnings ?? []).join(" "), { fix: "halfprice models lists others" }),
  };
}

/** What it would cost, and whether something caps it. */
export function describeCost({ costUsd, model }: Plan, isCapped: boolean): CheckResult {
  const subject = "cost";
  if (costUsd === undefined) {
    return warn(subject, `the price of ${model.label} is not known`, {
      fix: "--price in/out in dollars per million tokens; halfprice models --refresh reads the account's",
    });
  }
  const estimate = `about ${usd(costUsd.expected)}, at most ${usd(costUsd.high)}`;
  return pass(subject, `${estimate}${isCapped ? ", within what --max-cost allows" : "; --max-cost would cap it"}`);
}

/** Was the same already sent? */
export function checkEarlierRuns(unfinishedId: string | undefined, finishedId: string | undefined): CheckResult {
  const subject = "earlier runs";
  if (unfinishedId !== undefined)
    return warn(subject, `the same table, prompt and model are under way as ${unfinishedId}`, {
      fix: `halfprice resume ${unfinishedId}; the same run command takes it up too`,
    });
  if (finishedId !== undefined)
    return warn(subject, `the same table, prompt and model were run as ${finishedId}`, {
      fix: `its answers are there: halfprice export ${finishedId} -o answers.parquet`,
    });
  return pass(subject, "the same was not sent before from this workspace");
}
