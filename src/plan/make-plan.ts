import { defined } from "../foundation/defined.ts";
import { addEstimates } from "../foundation/money.ts";
import type {
  BelowMinimum,
  CanaryPlan,
  EarlierPlan,
  Estimate,
  JobLimits,
  JobSlots,
  JsonSchema,
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
import { estimateInput, findTokenRule, leastBytesPerToken } from "../models/rules/token-rules.ts";
import { cutLanes } from "./cut-lanes.ts";
import { estimateOutput } from "./estimate-output.ts";
import { findOtherWays } from "./other-ways.ts";
import { estimateCost, planLanes, sumLanes } from "./plan-lanes.ts";

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
  return canary.usd === undefined ? undefined : addEstimates(sum, canary.usd);
}

/**
 * Makes the plan: pure, and the same for the same input.
 * @throws RECORD_TOO_LARGE
 */
export function makePlan(input: PlanInput): Plan {
  const { model, packed } = input;
  const summary = packed === undefined ? input.summary : { ...input.summary, ...packed.sent };
  const inputTokens = planInput(input, summary);
  const outputTokens = planOutput(input);
  const shards = cutLanes(summary.blocks, summary.rowCount, input.limits, model.noBatch === undefined);
  const split = planSplit(input, { summary, inputTokens, outputTokens, shards });
  const prices = planPrices(input, { summary, inputTokens, outputTokens }, split);
  return {
    model,
    limits: input.limits,
    belowMinimum: input.belowMinimum,
    ...defined({ slots: input.slots }),
    rowCount: summary.rowCount,
    ...defined({ answersPerRow: input.answersPerRow }),
    recordCount: input.summary.recordCount,
    ...(packed === undefined ? {} : { pack: packed.plan }),
    skippedCount: summary.skippedCount,
    duplicateCount: summary.duplicateCount,
    emptyCells: summary.emptyCells,
    sizeBytes: summary.sizeBytes,
    shards,
    lanes: split.lanes,
    inputTokens,
    ...(findTokenRule(model.baseId).isMeasured ? {} : { isUnmeasured: true as const }),
    outputTokens,
    ...prices,
    otherWays: findOtherWays({
      ...{ recordCount: summary.recordCount, inputTokens, outputTokens, prefixTokens: input.prefixTokens ?? 0 },
      // What the older model thinks, the newer one is told not to.
      ...{ baseId: model.baseId, prices: model.prices, planUsd: prices.costUsd?.expected, newer: model.newer },
      longestTokens: Math.floor(summary.maxLineBytes / leastBytesPerToken),
    }),
    ...defined({ earlier: input.earlier, canary: split.canary }),
    samples: summary.samples,
    ...defined({ media: summary.media }),
  };
}

/** The tokens of the requests: their texts, their images, and a schema in a field of its own. */
function planInput({ model, output, packed, isRaw, isSchemaApart }: PlanInput, summary: RecordSummary): Estimate {
  const rule = findTokenRule(model.baseId);
  const { recordCount } = summary;
  const textTokens = Math.max(0, summary.inputTokens - recordCount * rule.frameTokens.expected);
  const imageTokens = Math.min(textTokens, summary.inputTokens * (summary.imageRatio ?? 0));
  const textRule = isRaw === true ? { ...rule, textBand: rawBand } : rule;
  const texts = estimateInput(textRule, recordCount, textTokens - imageTokens);
  const schemaLetters = recordCount * JSON.stringify(packed?.output ?? output ?? null).length;
  const schemaTokens = isSchemaApart === true ? schemaLetters / rule.lettersPerToken : 0;
  return addSchema(addImages(texts, imageTokens, model.baseId, summary.imageBand), schemaTokens, rule.textBand.high);
}

/** The tokens of the answers; where rows share requests, with the keys of the rows. */
function planOutput({ model, summary: { recordCount }, maxTokens, output, packed }: PlanInput): Estimate {
  const reasoning = findReasoningRule(model);
  if (packed === undefined) return estimateOutput(recordCount, maxTokens, output, reasoning);
  return addKeys(estimateOutput(recordCount, maxTokens, output), recordCount, packed, reasoning);
}

/** What is sent, and how much of it there is. */
interface Sent {
  readonly summary: RecordSummary;
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
}

/** What goes which way and what is asked first, at the model's prices and through its global profile. */
interface Split {
  readonly lanes: LanePlan[];
  readonly canary: CanaryPlan | undefined;
  /** Undefined where the global profile is none, or has no price. */
  readonly globalUsd: Estimate | undefined;
}

function planSplit(
  { model, maxTokens, output, canary }: PlanInput,
  { summary, inputTokens, outputTokens, shards }: Sent & { readonly shards: readonly Shard[] },
): Split {
  const lanesAt = (prices: Pick<ModelChoice, "prices">): LanePlan[] =>
    planLanes(shards, prices, inputTokens, outputTokens, summary.maxLineBytes);
  const canaryAt = (prices: Pick<ModelChoice, "prices">): CanaryPlan | undefined => {
    if (canary === undefined) return undefined;
    const answers = estimateOutput(canary.recordCount, maxTokens, output, findReasoningRule(model));
    return planCanary(canary, { ...prices, baseId: model.baseId }, answers);
  };
  const { global } = model;
  const globalUsd = global?.prices === undefined ? undefined : addKnown(sumLanes(lanesAt(global)), canaryAt(global));
  return { lanes: lanesAt(model), canary: canaryAt(model), globalUsd };
}

type Prices = Pick<Plan, "costUsd" | "batchUsd" | "onDemandUsd" | "globalUsd" | "globalBatchUsd">;

/** What the plan costs, and what all of it would cost another way. */
function planPrices(
  { model }: PlanInput,
  { summary: { recordCount, maxLineBytes }, inputTokens, outputTokens }: Sent,
  { lanes, canary, globalUsd }: Split,
): Prices {
  const lengths = { recordCount, longestBytes: maxLineBytes };
  const cost = (price: TokenPrice | undefined): Estimate | undefined =>
    price === undefined ? undefined : estimateCost(price, inputTokens, outputTokens, lengths);
  const costUsd = addKnown(sumLanes(lanes), canary);
  const batchUsd = cost(model.prices?.batch);
  const onDemandUsd = addKnown(cost(model.prices?.onDemand), canary);
  const globalBatchUsd = cost(model.global?.prices?.batch);
  return {
    ...defined({ costUsd, batchUsd, onDemandUsd, globalUsd, globalBatchUsd }),
  };
}
