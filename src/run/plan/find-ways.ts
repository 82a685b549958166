import { isError } from "../../foundation/errors/index.ts";
import { priceTokens } from "../../foundation/money.ts";
import { quoteWord } from "../../foundation/shell-word.ts";
import type { Plan, RecordSummary, Way } from "../../foundation/types/index.ts";
import { findCheaperModels } from "../../models/find-cheaper.ts";
import { findReasoningRule } from "../../models/rules/reasoning-rules.ts";
import { estimateOutput } from "../../plan/estimate-output.ts";
import { makeWays, type WaysInput } from "../../plan/make-ways.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { estimatePackedInput } from "../../requests/packs/estimate-packed.ts";
import { keyTokens } from "../../requests/packs/pack-request.ts";
import { findReading } from "../../workspace/model-readings.ts";
import type { RunRequest } from "./choose-model.ts";
import { chooseRunPack } from "./choose-run-pack.ts";
import type { PlanContext } from "./plan-context.ts";

/** Rows in a request, in what the plan says of packing: where most models were seen to be as good (sources#packing). */
const shownRows = 25;

/** To measure a cheaper model takes a sample; of fewer records than this the sample is a good part. */
const worthMeasuring = 2000;

/** All ways to have the answers of a plan, the cheapest first. @param summary of the records, each alone */
export function findWays(
  context: PlanContext,
  shape: RequestShape,
  summary: Pick<RecordSummary, "recordCount" | "inputTokens">,
  plan: Plan,
): Way[] {
  const { costUsd, model } = plan;
  // Of few records nothing is worth a second thought, and vectors have one form.
  if (costUsd === undefined || summary.recordCount === 0 || shape.family.kind === "embedding")
    return makeWays({ plan, models: [] });
  const isPacked = plan.pack !== undefined && plan.pack.rowsPerRequest > 1;
  const price = model.noBatch === undefined ? model.prices?.batch : model.prices?.onDemand;
  const outputTokens = estimateOutput(
    summary.recordCount,
    shape.parameters.maxTokens,
    shape.output,
    findReasoningRule(model),
  ).expected;
  const singleUsd =
    isPacked && price !== undefined
      ? { singleUsd: priceTokens(price, { inputTokens: summary.inputTokens, outputTokens }) }
      : {};
  return makeWays({
    plan,
    ...(isPacked ? singleUsd : findPacked(context, shape, summary, plan)),
    models: findModels(context, plan),
  });
}

/** What packing would come to: as much cheaper as its tokens are fewer. */
function findPacked(
  context: PlanContext,
  shape: RequestShape,
  summary: Pick<RecordSummary, "recordCount" | "inputTokens">,
  { costUsd, model, limits, inputTokens, outputTokens }: Plan,
): Pick<WaysInput, "packed"> {
  const price = model.noBatch === undefined ? model.prices?.batch : model.prices?.onDemand;
  const most = model.noBatch === undefined ? Math.floor(summary.recordCount / limits.minRecordsPerJob) : shownRows;
  if (price === undefined || costUsd === undefined || most < 2) return {};
  try {
    const pack = chooseRunPack(context, shape, Math.min(shownRows, most));
    if (pack.rowsPerRequest < 2) return {};
    const usd = priceTokens(price, {
      inputTokens: Math.min(inputTokens.expected, estimatePackedInput(shape, pack, summary)),
      outputTokens: outputTokens.expected + summary.recordCount * keyTokens,
    });
    return usd < costUsd.expected ? { packed: { usd, rowsPerRequest: pack.rowsPerRequest } } : {};
  } catch (error) {
    if (isError(error, "PACK_REFUSED")) return {};
    throw error;
  }
}

function findModels({ session, request, origin, identity }: PlanContext, plan: Plan): WaysInput["models"] {
  const { costUsd, model, inputTokens, outputTokens } = plan;
  if (costUsd === undefined || plan.recordCount < worthMeasuring) return [];
  const asked = {
    region: identity.region,
    nowMs: session.nowMs(),
    reading: findReading(session.config.workspace, origin),
  };
  const usage = { inputTokens: inputTokens.expected, outputTokens: outputTokens.expected };
  return findCheaperModels(asked, model.baseId, usage, costUsd.expected).map(({ alias, label, usd }) => ({
    label,
    usd,
    command: sayCompare(request, alias),
  }));
}

/** The command that would measure a cheaper model beside the one of the plan. */
function sayCompare({ table, prompt, model = prompt.settings.model ?? "" }: RunRequest, alias: string): string {
  const isFile = prompt.source !== "--prompt";
  const words =
    prompt.kind === "function"
      ? [quoteWord(prompt.source)]
      : [quoteWord(table), ...(isFile ? [quoteWord(prompt.source)] : ["--prompt", quoteWord(prompt.text)])];
  return `halfprice compare-models ${words.join(" ")} --models ${model},${alias} --gold <column>`;
}
