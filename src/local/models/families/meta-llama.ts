/** Meta Llama's own body: one prompt with the chat's marks in it (sources#request-bodies, UG:model-parameters-meta). */
import { numberOf, type TextFamily, type Turn } from "../family.ts";
import { checkKeys, checkKind, checkRange, sayMalformed } from "./malformed.ts";

const keys = { required: ["prompt"], optional: ["max_gen_len", "temperature", "top_p", "images"] };
const defaultMaxGenLen = 512;

const header = /<\|(?:start_header_id|header_start)\|>\s*(\w+)\s*<\|(?:end_header_id|header_end)\|>/g;
const marks = /<\|[a-z_]+\|>/g;

/** The turns that the marks in a prompt tell apart; one user turn where there are none. */
function readTurns(prompt: string): { system: string; turns: Turn[] } {
  const heads = [...prompt.matchAll(header)];
  if (heads.length === 0) return { system: "", turns: [{ role: "user", text: prompt.replace(marks, "").trim() }] };
  let system = "";
  const turns: Turn[] = [];
  for (const [at, head] of heads.entries()) {
    const text = prompt
      .slice(head.index + head[0].length, heads[at + 1]?.index)
      .replace(marks, "")
      .trim();
    if (head[1] === "system") system = text;
    else if (text !== "") turns.push({ role: head[1] === "assistant" ? "assistant" : "user", text });
  }
  return { system, turns };
}

export const metaLlama: TextFamily = {
  kind: "text",
  findProblem: (body, model) =>
    sayMalformed([
      ...checkKeys(body, keys),
      ...checkKind("#/prompt", body["prompt"], "String"),
      ...checkRange("#/max_gen_len", body["max_gen_len"] ?? defaultMaxGenLen, 1, model.maxOutputTokens ?? 2048),
      ...checkRange("#/temperature", body["temperature"] ?? 0, 0, 1),
      ...checkRange("#/top_p", body["top_p"] ?? 0, 0, 1),
    ]),
  readAsk: (body) => ({
    ...readTurns(body["prompt"] as string),
    maxOutputTokens: numberOf(body["max_gen_len"]) ?? defaultMaxGenLen,
    temperature: numberOf(body["temperature"]),
    stopSequences: [],
    schema: undefined,
    tool: undefined,
  }),
  writeReply: (reply) =>
    JSON.stringify({
      generation: reply.text,
      prompt_token_count: reply.inputTokens,
      generation_token_count: reply.outputTokens,
      stop_reason: reply.reason === "length" ? "length" : "stop",
    }),
};
