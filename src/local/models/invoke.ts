/** One request to a model, from its body to the body of the answer or to AWS's words of why there is none. */

import { makeRandom } from "../random.ts";
import { AnswerFailure, type Answers } from "./answers.ts";
import { makeUnitVector } from "./embedding.ts";
import { findFamily } from "./families/index.ts";
import type { Ask, EmbeddingFamily, JsonObject, Reply, TextFamily } from "./family.ts";
import { isObject } from "./family.ts";
import type { Model } from "./model.ts";
import { countTokens } from "./tokens.ts";

export type Outcome =
  | { readonly ok: true; readonly json: string; readonly inputTokens: number; readonly outputTokens: number }
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
  const problem = family.findProblem(body, options.model, options.batch);
  if (problem !== undefined) return refuse(problem);
  // Batch has no tool calling (sources#request-bodies); that it reads over a forced tool rather than refuse it is unconfirmed.
  const ask = options.batch ? { ...family.readAsk(body), tool: undefined } : family.readAsk(body);
  const finish = (reply: Reply): Outcome =>
    writeOutcome(family, ask, options.spoil?.(reply) ?? reply, "prompt" in body, options);
  try {
    const reply = options.answers.reply(ask, options.model);
    return reply instanceof Promise ? reply.then(finish).catch(toRefusal) : finish(reply);
  } catch (error) {
    return toRefusal(error);
  }
}

function writeOutcome(
  family: TextFamily,
  ask: Ask,
  reply: Reply,
  isPrompt: boolean,
  { model, batch, nowMs, seed }: InvokeOptions,
): Outcome {
  const json = family.writeReply(reply, { model, ask, isPrompt, batch, nowMs, random: makeRandom(seed) });
  return { ok: true, json, inputTokens: reply.inputTokens, outputTokens: reply.outputTokens };
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
