/** One request to a model, from its body to the body of the answer or to AWS's words of why there is none. */

import { makeRandom } from "../random.ts";
import { AnswerFailure, type Answers } from "./answers/answers.ts";
import { makeUnitVector } from "./answers/embedding.ts";
import { readPromptBlocks } from "./answers/prompt-blocks.ts";
import { findCacheRule } from "./cache-rules.ts";
import { type CacheUse, noCacheUse } from "./cache-use.ts";
import { findCacheMarker } from "./families/cache-markers.ts";
import { findFamily } from "./families/index.ts";
import type { EmbeddingFamily, JsonObject, ModelRequest, Reply, TextFamily, WriteContext } from "./family.ts";
import { isObject } from "./family.ts";
import type { Model } from "./model.ts";
import { findCacheProblem, type PromptCache } from "./prompt-cache.ts";
import { countTokens } from "./tokens.ts";

export type Outcome =
  | {
      readonly ok: true;
      readonly json: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
      /** Of a request that marks what is to be cached: tokens that are not among the input tokens. */
      readonly cached?: CacheUse;
    }
  | { readonly ok: false; readonly status: number; readonly message: string };

export interface InvokeOptions {
  readonly model: Model;
  readonly answers: Answers;
  /** `Converse` reads and writes Converse's one shape, whatever the model. */
  readonly shape: "InvokeModel" | "Converse";
  /** Whether this is a record of a batch job. */
  readonly batch: boolean;
  readonly nowMs: number;
  /** Seeds ids, so that the same request gets the same answer. */
  readonly seed: number;
  /** Where prompts are cached; undefined in batch, which has no caching. */
  readonly cache?: { readonly prompts: PromptCache; readonly region: string } | undefined;
  /** Changes an answer before it is written: how faults spoil one. */
  readonly spoil?: ((reply: Reply) => Reply) | undefined;
}

const refuse = (message: string, status = 400): Outcome => ({ ok: false, status, message });

/** Answers at once where the answers do; otherwise a promise that never rejects but on a defect. */
export function invoke(body: unknown, options: InvokeOptions): Outcome | Promise<Outcome> {
  // Words of a body that is no object are unconfirmed.
  if (!isObject(body))
    return refuse("Malformed input request: expected type: JSONObject, please reformat your input and try again.");
  const family = findFamily(options.shape === "Converse" ? "converse" : options.model.family);
  // Words unconfirmed: Converse is for text models only.
  if (options.shape === "Converse" && findFamily(options.model.family)?.kind !== "text") {
    return refuse(
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  if (family === undefined) return refuse(`The local service does not build the request body of ${options.model.id}.`);
  return family.kind === "text" ? invokeText(family, body, options) : invokeEmbedding(family, body, options);
}

function invokeText(family: TextFamily, body: JsonObject, options: InvokeOptions): Outcome | Promise<Outcome> {
  const { model, batch, shape, cache } = options;
  const marker = batch ? undefined : findCacheMarker(body);
  const rule = findCacheRule(model.id);
  if (marker !== undefined && rule === undefined && shape === "Converse") return refuse(marker, 403);
  const blocks = marker === undefined || rule === undefined ? undefined : readPromptBlocks(body);
  const problem = family.findProblem(body, model, batch) ?? (blocks && findCacheProblem(blocks));
  if (problem !== undefined) return refuse(problem);
  // Batch has no tool calling (sources#request-bodies); that it reads over a forced tool rather than refuse it is unconfirmed.
  const ask = batch ? { ...family.readAsk(body), tool: undefined } : family.readAsk(body);
  const finish = (reply: Reply): Outcome => {
    const said = options.spoil?.(reply) ?? reply;
    const isCached = blocks !== undefined && rule !== undefined && cache !== undefined;
    const cached = isCached ? cache.prompts.use(`${cache.region} ${model.id}`, rule, blocks) : noCacheUse;
    const rest = { ...said, inputTokens: Math.max(0, said.inputTokens - cached.ownTokens) };
    return writeOutcome(family, ask, isCached ? rest : said, { isPrompt: "prompt" in body, cached }, options);
  };
  try {
    const reply = options.answers.reply(ask, options.model);
    return reply instanceof Promise ? reply.then(finish).catch(toRefusal) : finish(reply);
  } catch (error) {
    return toRefusal(error);
  }
}

function writeOutcome(
  family: TextFamily,
  ask: ModelRequest,
  reply: Reply,
  more: Pick<WriteContext, "isPrompt" | "cached">,
  { model, batch, nowMs, seed }: InvokeOptions,
): Outcome {
  const json = family.writeReply(reply, { model, ask, ...more, batch, nowMs, random: makeRandom(seed) });
  const { inputTokens, outputTokens } = reply;
  return { ok: true, json, inputTokens, outputTokens, ...(more.cached === noCacheUse ? {} : { cached: more.cached }) };
}

function toRefusal(error: unknown): Outcome {
  if (error instanceof AnswerFailure) return refuse(error.message, error.status);
  throw error;
}

function invokeEmbedding(family: EmbeddingFamily, body: JsonObject, { model }: InvokeOptions): Outcome {
  const problem = family.findProblem(body, model);
  if (problem !== undefined) return refuse(problem);
  const dimensions = family.readDimensions(body, model);
  if (family.readTexts !== undefined && family.writeVectors !== undefined) {
    const texts = family.readTexts(body);
    const inputTokens = texts.reduce((sum, each) => sum + Math.max(1, countTokens(each)), 0);
    const vectors = texts.map((each) => makeUnitVector(each, dimensions));
    return { ok: true, json: family.writeVectors(vectors, inputTokens, body, model), inputTokens, outputTokens: 0 };
  }
  const text = family.readText(body);
  const inputTokens = Math.max(1, countTokens(text));
  const vector = makeUnitVector(text, dimensions);
  return { ok: true, json: family.writeVector(vector, inputTokens, body, model), inputTokens, outputTokens: 0 };
}
