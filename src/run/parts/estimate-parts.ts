import type { Estimate, JobLimits, ModelChoice, PartsPlan, Plan } from "../../foundation/types/index.ts";
import { estimateCost } from "../../plan/plan-lanes.ts";
import type { PartList, PartSlice } from "./part-list.ts";

/** A file that was looked into: its first rows were planned as a run by themselves would be. */
export interface SampledFile {
  readonly uri: string;
  readonly sizeBytes: number;
  /** Of all of the file. */
  readonly rowCount: number;
  /** Of its first rows. */
  readonly plan: Plan;
}

/** How many of something a byte of a file has, from the least to the most of the sampled files. */
interface Rate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

const times = ({ low, expected, high }: Estimate, factor: Estimate): Estimate => ({
  low: low * factor.low,
  expected: expected * factor.expected,
  high: high * factor.high,
});

const round = ({ low, expected, high }: Estimate): Estimate => ({
  low: Math.floor(low),
  expected: Math.round(expected),
  high: Math.ceil(high),
});

const same = (value: number): Estimate => ({ low: value, expected: value, high: value });

/** Rows by bytes: as many as all samples together have, and as few or as many as the one that has the fewest or the most. */
function rateRows(samples: readonly SampledFile[]): Rate {
  const rates = samples.map(({ rowCount, sizeBytes }) => rowCount / sizeBytes);
  const sum = (name: "rowCount" | "sizeBytes"): number => samples.reduce((total, each) => total + each[name], 0);
  return { low: Math.min(...rates), expected: sum("rowCount") / sum("sizeBytes"), high: Math.max(...rates) };
}

/** The rows of a part: those that are counted, and for files that are not, as many as their bytes have. */
function estimateRows({ files }: PartSlice, rate: Rate): Estimate {
  let counted = 0;
  let bytes = 0;
  for (const { rowCount, sizeBytes } of files) {
    if (rowCount === undefined) bytes += sizeBytes;
    else counted += rowCount;
  }
  return {
    low: counted + bytes * rate.low,
    expected: counted + bytes * rate.expected,
    high: counted + bytes * rate.high,
  };
}

/** The number of jobs for a number of records and bytes. */
function countJobs(recordCount: number, sizeBytes: number, limits: JobLimits): number {
  if (recordCount < 1) return 0;
  const records = Math.min(limits.maxRecordsPerJob, limits.maxRecordsPerFile);
  const bytes = Math.min(limits.maxJobSizeBytes, limits.maxFileSizeBytes);
  return Math.max(1, Math.ceil(recordCount / records), Math.ceil(sizeBytes / bytes));
}

/** What of a row's plan becomes what of all rows: the sums of all samples, for each row that they have. */
interface PerRow {
  readonly records: number;
  readonly bytes: number;
  readonly skipped: number;
  readonly duplicates: number;
  readonly input: Estimate;
  readonly output: Estimate;
}

function ratePlans(samples: readonly SampledFile[]): PerRow {
  const sum = (figure: (plan: Plan) => number): number => samples.reduce((total, { plan }) => total + figure(plan), 0);
  const rows = Math.max(
    1,
    sum(({ rowCount }) => rowCount),
  );
  const estimate = (figure: (plan: Plan) => Estimate): Estimate => ({
    low: sum((plan) => figure(plan).low) / rows,
    expected: sum((plan) => figure(plan).expected) / rows,
    high: sum((plan) => figure(plan).high) / rows,
  });
  return {
    records: sum(({ recordCount }) => recordCount) / rows,
    bytes: sum(({ sizeBytes }) => sizeBytes) / rows,
    skipped: sum(({ skippedCount }) => skippedCount) / rows,
    duplicates: sum(({ duplicateCount }) => duplicateCount) / rows,
    input: estimate(({ inputTokens }) => inputTokens),
    output: estimate(({ outputTokens }) => outputTokens),
  };
}

/**
 * The plan of a run in parts: what some files have shown, for all of them. Pure. It adds up part by part and keeps none of them, so that
 * thousands of parts take no more memory than one.
 */
export function estimateParts({ parts }: PartList, samples: readonly SampledFile[], model: ModelChoice): Plan {
  const [first] = samples;
  if (first === undefined) throw new RangeError("a plan needs at least one sample");
  const { limits } = first.plan;
  const rate = rateRows(samples);
  const per = ratePlans(samples);
  let rows = same(0);
  let sizeBytes = 0;
  let fileCount = 0;
  let jobCount = 0;
  for (const part of parts) {
    const own = estimateRows(part, rate);
    rows = { low: rows.low + own.low, expected: rows.expected + own.expected, high: rows.high + own.high };
    jobCount += countJobs(own.expected * per.records, own.expected * per.bytes, limits);
    sizeBytes += part.sizeBytes;
    fileCount += part.files.length;
  }
  const isCounted = parts.every(({ rowCount }) => rowCount !== undefined);
  const rowCount = isCounted ? same(Math.round(rows.expected)) : round(rows);
  const recordCount = round({
    // The samples may share requests with files that were not looked into.
    low: Math.min(rowCount.low, rowCount.low * per.records),
    expected: rowCount.expected * per.records,
    high: Math.min(rowCount.high, rowCount.high * per.records * (1 + per.duplicates)),
  });
  return toPlan({
    first: first.plan,
    samples,
    model,
    per,
    rowCount,
    recordCount,
    jobCount,
    counts: { fileCount, sizeBytes, count: parts.length },
  });
}

interface Figures {
  readonly first: Plan;
  readonly samples: readonly SampledFile[];
  readonly model: ModelChoice;
  readonly per: PerRow;
  readonly rowCount: Estimate;
  readonly recordCount: Estimate;
  readonly jobCount: number;
  readonly counts: Pick<PartsPlan, "count" | "fileCount" | "sizeBytes">;
}

function toPlan({ first, samples, model, per, rowCount, recordCount, jobCount, counts }: Figures): Plan {
  const inputTokens = round(times(rowCount, per.input));
  const outputTokens = round(times(rowCount, per.output));
  const isBatch = model.noBatch === undefined;
  const cost = (lane: "batch" | "onDemand"): Estimate | undefined => {
    const price = model.prices?.[lane];
    return price === undefined ? undefined : estimateCost(price, inputTokens, outputTokens);
  };
  const batchUsd = isBatch ? cost("batch") : undefined;
  const onDemandUsd = cost("onDemand");
  const costUsd = isBatch ? batchUsd : onDemandUsd;
  const records = recordCount.expected;
  const { ways: _, otherWays: __, earlier: ___, costUsd: ____, batchUsd: _____, onDemandUsd: ______, ...rest } = first;
  const { globalUsd: _a, globalBatchUsd: _b, ...base } = rest;
  return {
    ...base,
    model,
    rowCount: rowCount.expected,
    recordCount: records,
    skippedCount: Math.round(rowCount.expected * per.skipped),
    duplicateCount: Math.round(rowCount.expected * per.duplicates),
    emptyCells: {},
    sizeBytes: Math.round(rowCount.expected * per.bytes),
    shards: [],
    lanes:
      records === 0
        ? []
        : [
            {
              lane: isBatch ? "batch" : "on_demand",
              shardCount: isBatch ? jobCount : 0,
              recordCount: records,
              ...(costUsd === undefined ? {} : { usd: costUsd }),
            },
          ],
    inputTokens,
    outputTokens,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(batchUsd === undefined ? {} : { batchUsd }),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    parts: {
      ...counts,
      rowCount,
      recordCount,
      jobCount: isBatch ? jobCount : 0,
      waveCount: isBatch ? Math.ceil(jobCount / Math.max(1, first.limits.maxJobsInFlight)) : 0,
      sampledFileCount: samples.length,
      sampledRowCount: samples.reduce((sum, { plan }) => sum + plan.rowCount, 0),
    },
  };
}
