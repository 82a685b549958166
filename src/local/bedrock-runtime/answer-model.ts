/** What the operations of the runtime have in common: a model, its body, the answer or AWS's error. */
import type { BedrockContext } from "../bedrock/operation.ts";
import { findInvokeProblem, findReference, type ModelReference } from "../models/answers/reference.ts";
import { countWritten, noCacheUse } from "../models/cache-use.ts";
import { invoke, type Outcome } from "../models/invoke.ts";
import { checkModelAccess } from "../models/model-access.ts";
import { checkEnd } from "../models/model-ends.ts";
import { hashText } from "../models/seed.ts";
import type { WireRequest, WireResponse } from "../service.ts";
import { Refusal } from "../wire/refusal.ts";
import { recordOutcome, recordThrottle } from "./runtime-metrics.ts";

/** Error types by the status that an answer failed with. */
const typeOfStatus: Readonly<Record<number, string>> = {
  403: "AccessDeniedException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

/** @throws Refusal `ValidationException` where the model is unknown or cannot be invoked from the Region; where it is withheld */
export function getInvocable(
  modelId: string,
  region: string,
  { world, access, profiles }: BedrockContext,
): ModelReference {
  const reference = findReference(modelId, region, world.accountId, profiles);
  const problem = findInvokeProblem(reference, region);
  if (reference === undefined || problem !== undefined) throw new Refusal("ValidationException", problem ?? "");
  checkEnd(reference.model, world.clock.nowMs());
  checkModelAccess(access, reference.model);
  return reference;
}

/** @throws Refusal `ValidationException` where the bytes are no JSON */
export function parseModelBody(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Words unconfirmed.
    throw new Refusal(
      "ValidationException",
      "The provided request body is not valid JSON. Please reformat your input and try again.",
    );
  }
}

export interface ModelCall {
  readonly modelId: string;
  readonly shape: "InvokeModel" | "Converse";
  readonly bytes: Buffer;
}

/** Asks the model and writes its answer as the runtime does. */
export async function answerModel(
  { modelId, shape, bytes }: ModelCall,
  context: BedrockContext,
  request: WireRequest,
): Promise<WireResponse> {
  const { metrics, throttle, world } = context;
  const { model, id } = getInvocable(modelId, request.region, context);
  const invocation = { region: request.region, modelId: id, atMs: world.clock.nowMs() };
  try {
    throttle.admit(id, request.region);
  } catch (error) {
    recordThrottle(metrics, invocation);
    throw error;
  }
  const startedAtMs = performance.now();
  const outcome = await invoke(parseModelBody(bytes), {
    model,
    shape,
    answers: context.answers,
    batch: false,
    cache: { prompts: context.prompts, region: request.region },
    nowMs: invocation.atMs,
    seed: hashText(request.requestId),
  });
  const latencyMs = Math.max(1, Math.round(performance.now() - startedAtMs));
  recordOutcome(metrics, invocation, outcome, latencyMs);
  // What is read from the cache counts towards no quota, what is written does (sources#prompt-caching).
  if (outcome.ok)
    throttle.spend(
      id,
      request.region,
      outcome.inputTokens + outcome.outputTokens + countWritten(outcome.cached ?? noCacheUse),
    );
  return writeOutcome(outcome, latencyMs);
}

function writeOutcome(outcome: Outcome, latencyMs: number): WireResponse {
  if (!outcome.ok) throw new Refusal(typeOfStatus[outcome.status] ?? "ValidationException", outcome.message);
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amzn-bedrock-invocation-latency": `${latencyMs}`,
      "x-amzn-bedrock-input-token-count": `${outcome.inputTokens}`,
      "x-amzn-bedrock-output-token-count": `${outcome.outputTokens}`,
      "x-amzn-bedrock-cache-read-input-token-count": `${outcome.cached?.read ?? 0}`,
      "x-amzn-bedrock-cache-write-input-token-count": `${countWritten(outcome.cached ?? noCacheUse)}`,
    },
    body: outcome.json,
  };
}
