import { priceTokens } from "../foundation/money.ts";
import type {
  BelowMinimum,
  CanaryPlan,
  EarlierPlan,
  Estimate,
  JobLimits,
  JobSlots,
  JsonSchema,
  Lane,
  LanePlan,
  ModelChoice,
  PackPlan,
  Plan,
  RecordSummary,
  Shard,
  TokenPrice,
} from "../foundation/types/index.ts";
import { findImageTokens } from "../models/rules/image-rules.ts";
import { findReasoningRule, type ReasoningRule } from "../models/rules/reasoning-rules.ts";
import { estimateInput, findTokenRule } from "../models/rules/token-rules.ts";
import { cutLanes } from "./cut-lanes.ts";
import { estimateOutput } from "./estimate-output.ts";
import { findOtherWays } from "./other-ways.ts";

/** Records that were taken out to be asked before the rest. */
export interface CanaryRecords {
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly inputTokens: number;
}

/** What a plan is made from. */
export interface PlanInput {
  readonly summary: RecordSummary;
  readonly model: ModelChoice;
  readonly limits: JobLimits;
  readonly slots?: JobSlots | undefined;
  readonly belowMinimum: BelowMinimum;
  readonly maxTokens: number;
  readonly output: JsonSchema | undefined;
  /** From 2. */
  readonly answersPerRow?: number;
  /** What is asked before the rest, which the summary does not have any more. */
  readonly canary?: CanaryRecords;
  /** What of the table is not sent; absent where nothing was looked for. */
  readonly earlier?: EarlierPlan;
  /** What every request begins with. */
  readonly prefixTokens?: number;
  /** The schema goes into a field of its own: whether a model is billed for it differs from one to another. */
  readonly isSchemaApart?: boolean;
  /** The table has ready bodies: what of them is text is guessed. */
  readonly isRaw?: boolean;
  /** Rows share requests. */
  readonly packed?: PackedInput;
}

/** Requests with several rows, in place of a record for each. */
export interface PackedInput {
  readonly plan: PackPlan;
  readonly sent: Pick<RecordSummary, "recordCount" | "sizeBytes" | "maxLineBytes" | "inputTokens" | "blocks">;
  /** The schema of an answer with several rows. */
  readonly output: JsonSchema;
  /** What a row's answer has more than it would have alone. */
  readonly keyTokens: number;
  /** Of an answer with several rows. */
  readonly maxTokens: number;
}

/** How long requests are, where the price of long ones is higher. */
export interface RequestLengths {
  readonly recordCount: number;
  /** Of the longest line of a job's input. */
  readonly longestBytes: number;
}

/** Fewer bytes than this a token has never: a line of so many may be a prompt of that length. */
const leastBytesPerToken = 2;

/** What tokens cost, from the least to the most. @param lengths where left out, no request is taken to be a long one */
export function estimateCost(price: TokenPrice, input: Estimate, output: Estimate, lengths?: RequestLengths): Estimate {
  const { fromTokens = Infinity, factor = 1 } = price.longPrompts ?? {};
  const { recordCount = 1, longestBytes = 0 } = lengths ?? {};
  const step = (tokens: number): number => (tokens > fromTokens ? factor : 1);
  const mean = (tokens: number): number => (lengths === undefined ? 0 : tokens / Math.max(1, recordCount));
  return {
    low: priceTokens(price, { inputTokens: input.low, outputTokens: output.low }) * step(mean(input.low)),
    expected:
      priceTokens(price, { inputTokens: input.expected, outputTokens: output.expected }) * step(mean(input.expected)),
    high:
      priceTokens(price, { inputTokens: input.high, outputTokens: output.high }) *
      step(Math.max(mean(input.high), Math.floor(longestBytes / leastBytesPerToken))),
  };
}

const rawBand = { low: 0.4, high: 2 } as const;

/** An image has the model's own range, whatever its bytes. */
function addImages(
  { low, expected, high }: Estimate,
  imageTokens: number,
  baseId: string,
  band: RecordSummary["imageBand"],
): Estimate {
  const one = band === undefined ? findImageTokens(baseId) : { ...band, expected: 1 };
  const factor = imageTokens / one.expected;
  return {
    low: Math.floor(low + factor * one.low),
    expected: Math.round(expected + imageTokens),
    high: Math.ceil(high + factor * one.high),
  };
}

/** Some were seen to count nothing for a schema in a field of its own (2026); others are taken to count all of it. */
function addSchema({ low, expected, high }: Estimate, schemaTokens: number, factor: number): Estimate {
  return {
    low,
    expected: Math.round(expected + schemaTokens),
    high: Math.ceil(high + schemaTokens * factor),
  };
}

const scale = ({ low, expected, high }: Estimate, ratio: number): Estimate => ({
  low: low * ratio,
  expected: expected * ratio,
  high: high * ratio,
});

const add = (one: Estimate, other: Estimate): Estimate => ({
  low: one.low + other.low,
  expected: one.expected + other.expected,
  high: one.high + other.high,
});

/** Every row of a request has its key in the answer, whose limit is that of all rows together. */
function addKeys(
  answers: Estimate,
  rowCount: number,
  { keyTokens, sent, maxTokens }: PackedInput,
  reasoning: ReasoningRule | undefined,
): Estimate {
  const keys = rowCount * keyTokens;
  // What a model thinks, it thinks once for all rows of a request.
  const thought = (end: "low" | "expected"): number => sent.recordCount * (reasoning?.tokens[end] ?? 0);
  const high = Math.min(answers.high + keys + thought("expected"), sent.recordCount * maxTokens);
  const expected = Math.min(answers.expected + keys + thought("expected"), high);
  return { low: Math.min(answers.low + keys / 4 + thought("low"), expected), expected, high };
}

/** What goes which way. Input tokens go by bytes, output tokens by records. */
export function planLanes(
  shards: readonly Shard[],
  { prices }: Pick<ModelChoice, "prices">,
  inputTokens: Estimate,
  outputTokens: Estimate,
  longestBytes = 0,
): LanePlan[] {
  const sum = (own: readonly Shard[], name: "recordCount" | "sizeBytes"): number =>
    own.reduce((total, shard) => total + shard[name], 0);
  const lanes: readonly Lane[] = ["batch", "on_demand"];
  return lanes.flatMap((lane) => {
    const own = shards.filter((shard) => shard.lane === lane);
    const recordCount = sum(own, "recordCount");
    if (recordCount === 0) return [];
    const price = lane === "batch" ? prices?.batch : prices?.onDemand;
    const input = scale(inputTokens, sum(own, "sizeBytes") / Math.max(1, sum(shards, "sizeBytes")));
    const output = scale(outputTokens, recordCount / Math.max(1, sum(shards, "recordCount")));
    const usd = price === undefined ? {} : { usd: estimateCost(price, input, output, { recordCount, longestBytes }) };
    return [{ lane, shardCount: own.length, recordCount, ...usd }];
  });
}

/** @returns undefined where a lane's price is not known */
export function sumLanes(lanes: readonly LanePlan[]): Estimate | undefined {
  return lanes.reduce<Estimate | undefined>(
    (sum, { usd }) => (sum === undefined || usd === undefined ? undefined : add(sum, usd)),
    { low: 0, expected: 0, high: 0 },
  );
}

function planCanary(
  { recordCount, sizeBytes, inputTokens }: CanaryRecords,
  model: Pick<ModelChoice, "baseId" | "prices">,
  out: Estimate,
): CanaryPlan {
  const rule = findTokenRule(model.baseId);
  const text = Math.max(0, inputTokens - recordCount * rule.frameTokens.expected);
  const price = model.prices?.onDemand;
  const usd = price === undefined ? {} : { usd: estimateCost(price, estimateInput(rule, recordCount, text), out) };
  return { recordCount, sizeBytes, ...usd };
}

/** @returns undefined where one is not known */
function addKnown(sum: Estimate | undefined, canary: CanaryPlan | undefined): Estimate | undefined {
  if (sum === undefined || canary === undefined) return sum;
  return canary.usd === undefined ? undefined : add(sum, canary.usd);
}

/**
 * Makes the plan: pure, and the same for the same input.
 * @throws RECORD_TOO_LARGE
 */
export function makePlan(input: PlanInput): Plan {
  const { packed } = input;
  const summary = packed === undefined ? input.summary : { ...input.summary, ...packed.sent };
  const rowRecords = input.summary.recordCount;
  const {
    model,
    limits,
    slots,
    belowMinimum,
    maxTokens,
    output,
    isSchemaApart = false,
    isRaw = false,
    prefixTokens = 0,
    earlier,
    answersPerRow,
    canary,
  } = input;
  const rule = findTokenRule(model.baseId);
  const textTokens = Math.max(0, summary.inputTokens - summary.recordCount * rule.frameTokens.expected);
  const imageTokens = Math.min(textTokens, summary.inputTokens * (summary.imageRatio ?? 0));
  const inputTokens = addSchema(
    addImages(
      estimateInput(isRaw ? { ...rule, textBand: rawBand } : rule, summary.recordCount, textTokens - imageTokens),
      imageTokens,
      model.baseId,
      summary.imageBand,
    ),
    isSchemaApart
      ? (summary.recordCount * JSON.stringify(packed?.output ?? output ?? null).length) / rule.lettersPerToken
      : 0,
    rule.textBand.high,
  );
  const estimateAnswers = (count: number): Estimate =>
    estimateOutput(count, maxTokens, output, findReasoningRule(model));
  const outputTokens =
    packed === undefined
      ? estimateAnswers(rowRecords)
      : addKeys(estimateOutput(rowRecords, maxTokens, output), rowRecords, packed, findReasoningRule(model));
  const cost = (price: TokenPrice | undefined): Estimate | undefined =>
    price === undefined
      ? undefined
      : estimateCost(price, inputTokens, outputTokens, {
          recordCount: summary.recordCount,
          longestBytes: summary.maxLineBytes,
        });
  const batchUsd = cost(model.prices?.batch);
  const restOnDemandUsd = cost(model.prices?.onDemand);
  const globalBatchUsd = cost(model.global?.prices?.batch);
  const shards = cutLanes(summary.blocks, summary.rowCount, limits, model.noBatch === undefined);
  const lanesAt = (prices: Pick<ModelChoice, "prices">): LanePlan[] =>
    planLanes(shards, prices, inputTokens, outputTokens, summary.maxLineBytes);
  const canaryAt = (prices: Pick<ModelChoice, "prices">): CanaryPlan | undefined =>
    canary === undefined
      ? undefined
      : planCanary(canary, { ...prices, baseId: model.baseId }, estimateAnswers(canary.recordCount));
  const lanes = lanesAt(model);
  const canaryPlan = canaryAt(model);
  const globalUsd =
    model.global?.prices === undefined ? undefined : addKnown(sumLanes(lanesAt(model.global)), canaryAt(model.global));
  const costUsd = addKnown(sumLanes(lanes), canaryPlan);
  const onDemandUsd = addKnown(restOnDemandUsd, canaryPlan);
  const { baseId, prices } = model;
  const { recordCount } = summary;
  const tokens = { recordCount, inputTokens, outputTokens, prefixTokens };
  return {
    model,
    limits,
    belowMinimum,
    ...(slots === undefined ? {} : { slots }),
    rowCount: summary.rowCount,
    ...(answersPerRow === undefined ? {} : { answersPerRow }),
    recordCount: rowRecords,
    ...(packed === undefined ? {} : { pack: packed.plan }),
    skippedCount: summary.skippedCount,
    duplicateCount: summary.duplicateCount,
    emptyCells: summary.emptyCells,
    sizeBytes: summary.sizeBytes,
    shards,
    lanes,
    inputTokens,
    ...(rule.isMeasured ? {} : { isUnmeasured: true as const }),
    outputTokens,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(batchUsd === undefined ? {} : { batchUsd }),
    ...(onDemandUsd === undefined ? {} : { onDemandUsd }),
    ...(globalUsd === undefined ? {} : { globalUsd }),
    ...(globalBatchUsd === undefined ? {} : { globalBatchUsd }),
    otherWays: findOtherWays({
      ...tokens,
      // What the older model thinks, the newer one is told not to.
      ...{ baseId, prices, planUsd: costUsd?.expected, newer: model.newer },
      longestTokens: Math.floor(summary.maxLineBytes / leastBytesPerToken),
    }),
    ...(earlier === undefined ? {} : { earlier }),
    ...(canaryPlan === undefined ? {} : { canary: canaryPlan }),
    samples: summary.samples,
    ...(summary.media === undefined ? {} : { media: summary.media }),
  };
}
