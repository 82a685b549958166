import { membersOf } from "../body-members.ts";
import type { JsonObject } from "../body-summary.ts";
import { makeSystemText } from "../describe-schema.ts";
import type { Family } from "../family.ts";

interface Marks {
  readonly head: (role: string) => string;
  readonly end: string;
}

/** The chat's marks, by generation: Meta's prompt formats of Llama 3 and Llama 4, read 2026-11-21. */
const generations: Readonly<Record<"llama3" | "llama4", Marks>> = {
  llama3: { head: (role) => `<|start_header_id|>${role}<|end_header_id|>\n\n`, end: "<|eot_id|>" },
  llama4: { head: (role) => `<|header_start|>${role}<|header_end|>\n\n`, end: "<|eot|>" },
};

function makePrompt(text: string, system: string | undefined, { head, end }: Marks): string {
  const first = system === undefined ? "" : `${head("system")}${system}${end}`;
  return `<|begin_of_text|>${first}${head("user")}${text}${end}${head("assistant")}`;
}

/**
 * Meta Llama's own body: one prompt with the chat's marks in it.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
 */
export const metaLlama: Family = {
  name: "meta-llama",
  label: "Meta Llama",
  kind: "text",
  vendors: ["meta"],
  makeBody(text, request) {
    const { maxTokens, temperature, topP } = request.parameters;
    const marks = generations[request.baseId.includes("llama4") ? "llama4" : "llama3"];
    return membersOf({
      prompt: makePrompt(text, makeSystemText(request), marks),
      max_gen_len: maxTokens,
      temperature,
      top_p: topP,
    });
  },
  // A cell that spells a mark would end the user's turn and begin another's: a space keeps it a text.
  escapeText: (text) => `regexp_replace(${text}, '<\\|([a-zA-Z_]+)\\|>', '< |\\1|>', 'g')`,
  findProblems({ parameters: { topK, stopSequences }, output, structured }) {
    return [
      ...(topK === undefined ? [] : ["`top_k` is no parameter of Llama's body"]),
      ...(stopSequences === undefined ? [] : ["`stop` is no parameter of Llama's body"]),
      ...(output !== undefined && structured === "native" ? ["Llama has no native structured output in its body"] : []),
    ];
  },
  keys: { required: ["prompt"], optional: ["max_gen_len", "temperature", "top_p", "images"] },
  turns: "any",
  inspectBody(body: JsonObject) {
    const { prompt, max_gen_len: maxTokens, temperature, top_p: topP } = body as Record<string, unknown>;
    const problems = [
      ...(prompt === undefined || typeof prompt === "string" ? [] : ["`prompt` has to be a text"]),
      ...(typeof prompt === "string" && prompt.trim() === "" ? ["`prompt` is empty"] : []),
    ];
    return { maxTokens, temperature, topP, turns: undefined, problems };
  },
  answer: {
    type: "STRUCT(generation VARCHAR, stop_reason VARCHAR, prompt_token_count BIGINT, generation_token_count BIGINT)",
    text: "ltrim(o.generation, ' \n')",
    stopReason: "o.stop_reason",
    inputTokens: "o.prompt_token_count",
    outputTokens: "o.generation_token_count",
    wholeReasons: ["stop"],
    truncatedReasons: ["length"],
    refusedReasons: [],
  },
};
