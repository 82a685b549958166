import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { priceTokens } from "../../foundation/money.ts";
import { leastPackCanary } from "../../foundation/options/run-options.ts";
import type {
  JobLimits,
  ModelChoice,
  PackDecision,
  PackPlan,
  RecordSummary,
  RunPack,
} from "../../foundation/types/index.ts";
import type { CanaryRecords } from "../../plan/make-plan.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { excludedFile } from "../../requests/exclude-records.ts";
import type { SentRecords } from "../../requests/measure-sent.ts";
import { estimatePackedInput } from "../../requests/packs/estimate-packed.ts";
import { keyTokens } from "../../requests/packs/pack-request.ts";
import { writePacks } from "../../requests/packs/write-packs.ts";
import { chooseRunPack } from "./choose-run-pack.ts";
import type { PlanContext } from "./plan-context.ts";
import type { RenderedRecords } from "./render-records.ts";
import type { RecordsLeft } from "./reuse-answers.ts";
import { sampleSql } from "./write-sample.ts";

/** The sizes that `auto` tries, fewer rows first. */
const triedSizes = [5, 10, 25, 50] as const;
/** Rows that a canary of packed requests asks, where nothing says another number. */
const usualCanary = 500;
/** The share of agreement that packed answers may lack, where nothing says another. */
export const usualTolerance = 0.02;

/** What is sent of a packed run. */
export interface PackedRecords {
  readonly pack: RunPack;
  readonly plan: PackPlan;
  /** Requests in place of records. */
  readonly sent: SentRecords;
  /** What a canary before the run would ask; absent where there is none. */
  readonly canary?: CanaryRecords;
}

/** Makes requests of what is left to be sent, several rows in each; undefined where rows are asked alone. */
export async function packRecords(
  context: PlanContext,
  { shape, summary: all }: RenderedRecords,
  { summary }: RecordsLeft,
  engine: Engine,
  decision?: PackDecision,
): Promise<PackedRecords | undefined> {
  const { request, chosen, paths, session } = context;
  const { pack: asked } = request.options;
  if (asked === undefined || shape.items === undefined) return undefined;
  const answered = await countSampled(engine, paths.directory, request.options);
  const found = findSizes(context, shape, {
    all: all.recordCount,
    open: summary.recordCount + answered,
    sent: summary.recordCount,
  });
  const { sizes, rowCount, notes, mostByJob } = asked === "auto" ? leaveLoss(context, shape, all, found) : found;
  const decided = decision ?? (sizes.length === 0 ? sayAlone(request, notes) : undefined);
  const largest = sizes.at(-1) ?? 1;
  const pack = chooseRunPack(context, shape, Math.min(decided?.rowsPerRequest ?? largest, mostByJob));
  session.onStep("packing rows into requests");
  const unsent = join(paths.directory, excludedFile);
  const sent = await writePacks({
    ...{
      engine,
      shape,
      pack,
      directory: paths.directory,
      recordCount: summary.recordCount,
      rowCount: summary.rowCount,
    },
    unsent: existsSync(unsent) ? `read_parquet(${quoteText(unsent)})` : undefined,
    contextTokens: chosen.choice.contextTokens,
  });
  const plan = { rowsPerRequest: pack.rowsPerRequest, asked, requestCount: sent.recordCount, notes };
  if (decided !== undefined) return { pack, plan: { ...plan, decision: decided }, sent };
  if (rowCount === undefined) return { pack, plan, sent };
  const recordCount = rowCount * (2 + sizes.length);
  const inputTokens = Math.round((summary.inputTokens / Math.max(1, summary.recordCount)) * recordCount);
  return {
    pack,
    plan: { ...plan, canary: { rowCount, sizes } },
    sent,
    canary: { recordCount, sizeBytes: 0, inputTokens },
  };
}

interface Sizes {
  /** How many rows share a request; none where each is asked alone. */
  readonly sizes: readonly number[];
  /** Rows of a canary; undefined where there is none. */
  readonly rowCount: number | undefined;
  readonly notes: readonly string[];
  /** More rows in a request would leave too few requests for a job. */
  readonly mostByJob: number;
}

/** Distinct records of a table. */
interface Counts {
  readonly all: number;
  /** What is sent, and what a canary of before has asked of it: a canary that was broken off tries the same sizes again. */
  readonly open: number;
  readonly sent: number;
}

/** How many records of a canary's sample have an answer, or will have one, and are not sent; 0 where nothing is tried. */
async function countSampled(
  engine: Engine,
  directory: string,
  { pack, canary }: PlanContext["request"]["options"],
): Promise<number> {
  const unsent = join(directory, excludedFile);
  if (!existsSync(unsent) || (pack !== "auto" && canary === undefined)) return 0;
  const { count = usualCanary, seed = 1 } = canary ?? {};
  const [found = {}] = await engine.rows(
    `SELECT count(*) AS records FROM (${sampleSql(directory, count, seed)}) WHERE record_id IN (SELECT record_id FROM read_parquet(${quoteText(unsent)}))`,
  );
  return Number(found["records"]);
}

/** A size that is hardly larger than the one before it tells nothing new. */
const leastStep = 1.3;

/** The sizes that are tried: those that were wanted, up to the most that there is room for. */
function fitSizes(wanted: readonly number[], most: number): number[] {
  const fitting = wanted.filter((size) => size <= most);
  const largest = fitting.at(-1) ?? 1;
  const isCut = fitting.length < wanted.length && most > 1 && most >= leastStep * largest;
  return (isCut ? [...fitting, most] : fitting).filter((size) => size > 1);
}

/** Which numbers of rows come into question: the one that was asked for, or those that a canary decides between. @throws BAD_OPTIONS */
function findSizes(context: PlanContext, shape: RequestShape, { all, open, sent }: Counts): Sizes {
  const { request, limits, chosen } = context;
  const { pack: asked, canary } = request.options;
  const wanted = asked === "auto" ? [...triedSizes] : [asked ?? 1];
  const largest = wanted.at(-1) ?? 1;
  const byOutput = chooseRunPack(context, shape, largest).rowsPerRequest;
  const mostByJob = findMostRows(sent, limits, chosen.choice);
  const most = Math.min(byOutput, findMostRows(open, limits, chosen.choice));
  const notes = [
    ...(byOutput < largest ? [sayOutputLimit(chosen.choice, byOutput)] : []),
    ...(mostByJob < Math.min(byOutput, largest)
      ? [
          `More than ${mostByJob} rows in a request would leave fewer than ${limits.minRecordsPerJob} requests, which a batch job needs.`,
        ]
      : []),
  ];
  const fitting = fitSizes(wanted, most);
  if (asked !== "auto") {
    const count = canary === undefined ? undefined : Math.min(canary.count, all);
    if (count === undefined || sent === 0) return { sizes: [most], rowCount: undefined, notes, mostByJob };
    if (count >= leastPackCanary) return { sizes: fitting, rowCount: count, notes, mostByJob };
    const problem = `--canary: the table has ${all} distinct requests, and packed answers are compared with single ones on at least ${leastPackCanary}; leave out --canary, or --pack`;
    throw new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice run" });
  }
  const rowCount = canary?.count ?? usualCanary;
  if (sent === 0) return { sizes: fitting, rowCount: undefined, notes, mostByJob };
  if (all >= 2 * rowCount && sent >= rowCount) return { sizes: fitting, rowCount, notes, mostByJob };
  const few = `${Math.min(all, sent).toLocaleString("en-US")} records are too few to find out how many rows may share a request: the canary alone asks ${rowCount} of them several times.`;
  return { sizes: [], rowCount: undefined, notes: [...notes, few], mostByJob };
}

/** Where a prompt says little, keys and instructions of a shared request cost more than they save: then nothing is tried. */
function leaveLoss(
  context: PlanContext,
  shape: RequestShape,
  all: Pick<RecordSummary, "recordCount" | "inputTokens">,
  found: Sizes,
): Sizes {
  const { prices } = context.chosen.choice;
  const price = prices?.batch ?? prices?.onDemand;
  const largest = found.sizes.at(-1);
  if (price === undefined || largest === undefined) return found;
  const inputTokens = estimatePackedInput(shape, chooseRunPack(context, shape, largest), all);
  const packedUsd = priceTokens(price, { inputTokens, outputTokens: all.recordCount * keyTokens });
  if (packedUsd < priceTokens(price, { inputTokens: all.inputTokens, outputTokens: 0 })) return found;
  const loss = "Rows share too little of a request: keys and instructions of packs would cost more than they save.";
  return { ...found, sizes: [], rowCount: undefined, notes: [...found.notes, loss] };
}

/** Each row is asked alone after all, without a canary. */
function sayAlone({ options }: PlanContext["request"], notes: readonly string[]): PackDecision {
  const reason = notes.at(-1) ?? "Rows of this kind do not fit into one request.";
  return { rowsPerRequest: 1, tolerance: options.packTolerance ?? usualTolerance, trials: [], reason };
}

const sayOutputLimit = ({ label, maxOutputTokens }: ModelChoice, rows: number): string =>
  `${label} gives at most ${(maxOutputTokens ?? 0).toLocaleString("en-US")} tokens in one answer, room for ${rows} of these rows; a lower --max-tokens, or a schema of labels and numbers alone, makes room for more.`;

/** The most rows in a request that leave a job the requests it needs; rows that are too few for a job anyway have no such bound. */
function findMostRows(recordCount: number, { minRecordsPerJob }: JobLimits, { noBatch }: ModelChoice): number {
  if (noBatch !== undefined || recordCount < minRecordsPerJob) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(recordCount / minRecordsPerJob));
}
