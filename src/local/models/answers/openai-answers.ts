/**
 * Answers from a real model behind any OpenAI-compatible server (Ollama, vLLM, llama.cpp): several requests at a time, and a
 * failure is an error of the record, as it would be on AWS.
 */

import { isObject, type ModelRequest, memberOf, type Reply } from "../family.ts";
import { countTokens } from "../tokens.ts";
import { AnswerFailure, type Answers } from "./answers.ts";
import { countAskTokens } from "./simulation.ts";

export interface OpenAiServer {
  /** As clients of OpenAI take it, `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined: the first that the server lists. */
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Requests under way at once, over all jobs. Default 8. */
  readonly concurrency?: number | undefined;
  /** How long one answer may take, in milliseconds of the wall's time. Default ten minutes. */
  readonly timeoutMs?: number | undefined;
}

const defaults = { concurrency: 8, timeoutMs: 600_000 } as const;
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);

/** Reads `openai:<base url>[#model]`. @throws RangeError where it is not of this form */
export function parseOpenAiServer(text: string): OpenAiServer {
  const match = /^openai:(https?:\/\/[^#\s]+)(?:#(.+))?$/.exec(text);
  if (match?.[1] === undefined)
    throw new RangeError(`${text} is no answers setting; write simulated or openai:<base url>[#model]`);
  return { baseUrl: match[1].replace(/\/+$/, ""), model: match[2] };
}

/** At most so many at once; the rest wait in their order. */
function makeGate(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

export function makeOpenAiAnswers(server: OpenAiServer): Answers {
  const { baseUrl, apiKey, concurrency = defaults.concurrency, timeoutMs = defaults.timeoutMs } = server;
  const gate = makeGate(concurrency);
  const headers = {
    "content-type": "application/json",
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };

  const request = async (path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await fetch(`${baseUrl}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
      if (response.ok) return await response.json();
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "TimeoutError") {
        throw new AnswerFailure(
          408,
          `Model has timed out in processing the request. ${baseUrl} gave no answer in ${timeoutMs} ms.`,
          { cause },
        );
      }
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new AnswerFailure(503, `The model server at ${baseUrl} cannot be reached: ${reason}`, { cause });
    }
    const text = (await response.text()).slice(0, 500);
    throw new AnswerFailure(
      retriedStatuses.has(response.status) ? response.status : 424,
      `The model returned the following errors: ${text}`,
    );
  };

  let named: Promise<string> | undefined = server.model === undefined ? undefined : Promise.resolve(server.model);
  const findName = async (): Promise<string> => {
    const list = await request("/models");
    const first = isObject(list) && Array.isArray(list["data"]) ? list["data"].find(isObject)?.["id"] : undefined;
    if (typeof first !== "string") throw new AnswerFailure(424, `${baseUrl} lists no model; name one behind a #.`);
    return first;
  };
  const getName = (): Promise<string> => {
    named ??= findName().catch((error: unknown) => {
      named = undefined; // the server may come up later
      throw error;
    });
    return named;
  };

  return {
    // One place is still a slow model's.
    concurrency: Math.max(2, concurrency),
    reply: (ask) =>
      gate(async () => readReply(await request("/chat/completions", makeBody(ask, await getName())), ask)),
  };
}

function makeBody(ask: ModelRequest, model: string): Record<string, unknown> {
  const schema = ask.tool?.schema ?? ask.schema;
  return {
    model,
    messages: [
      ...(ask.system === "" ? [] : [{ role: "system", content: ask.system }]),
      ...ask.turns.map(({ role, text }) => ({ role, content: text })),
    ],
    max_tokens: ask.maxOutputTokens,
    temperature: ask.temperature,
    stop: ask.stopSequences.length > 0 ? ask.stopSequences : undefined,
    response_format:
      schema === undefined ? undefined : { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    stream: false,
  };
}

function readReply(answer: unknown, ask: ModelRequest): Reply {
  const choice = isObject(answer) && Array.isArray(answer["choices"]) ? answer["choices"].find(isObject) : undefined;
  const content = choice === undefined ? undefined : memberOf(choice, "message")["content"];
  if (!isObject(answer) || choice === undefined || (typeof content !== "string" && content !== null)) {
    throw new AnswerFailure(424, "The model returned the following errors: the server's answer is no chat completion.");
  }
  const text = content ?? "";
  const usage = memberOf(answer, "usage");
  const isCut = choice["finish_reason"] === "length";
  return {
    text: ask.tool === undefined ? text : "",
    reason: isCut ? "length" : ask.tool === undefined ? "end" : "tool",
    stopSequence: undefined,
    toolInput: ask.tool === undefined ? undefined : parseInput(text),
    inputTokens: typeof usage["prompt_tokens"] === "number" ? usage["prompt_tokens"] : countAskTokens(ask),
    outputTokens: typeof usage["completion_tokens"] === "number" ? usage["completion_tokens"] : countTokens(text),
  };
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text }; // what the model wrote instead of arguments
  }
}
