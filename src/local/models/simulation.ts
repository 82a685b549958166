/**
 * The simulation: answers without a language model. It reads the request and gives an answer of the asked shape: text that
 * says what it is, JSON that fits the asked schema, of offered labels the one that shares most words with the text. The
 * same request always gets the same answer, and its token counts are counted from the text.
 */
import { cutText } from "./cut-text.ts";
import type { Ask, Reply } from "./family.ts";
import { answerSchema, labelSetsOf } from "./json-answer.ts";
import type { LabelSet } from "./labels.ts";
import { cutMessage, findLabelsInText, findSchemaInText, withoutList } from "./prompt-offer.ts";
import { countTokens, takeTokens } from "./tokens.ts";

// What a chat's own marks cost: "Hi" alone is about 8 tokens for Claude (sources#output-lines).
const tokensPerRequest = 3;
const tokensPerTurn = 4;

// The records of a job mostly share their system prompt.
let lastSystem = { text: "", tokens: 0 };

function countSystemTokens(text: string): number {
  if (text === "") return 0;
  if (text !== lastSystem.text) lastSystem = { text, tokens: countTokens(text) + tokensPerTurn };
  return lastSystem.tokens;
}

/** Tokens of everything that the request says, its structured-output schema included. */
export function countAskTokens(ask: Ask): number {
  let tokens = tokensPerRequest + countSystemTokens(ask.system);
  for (const turn of ask.turns) tokens += countTokens(turn.text) + (turn.fileTokens ?? 0) + tokensPerTurn;
  for (const schema of [ask.schema, ask.tool?.schema]) {
    if (schema !== undefined) tokens += countTokens(JSON.stringify(schema));
  }
  return tokens;
}

/** One answer. */
export function simulateAnswer(ask: Ask): Reply {
  const inputTokens = countAskTokens(ask);
  const prompt = lastUserText(ask);
  const asked = ask.tool?.schema ?? ask.schema;
  if (ask.tool !== undefined) {
    const toolInput = answerSchema(asked, { message: findMessage(prompt, labelSetsOf(asked)) });
    const outputTokens = countTokens(JSON.stringify(toolInput)) + tokensPerTurn;
    return { text: "", reason: "tool", stopSequence: undefined, toolInput, inputTokens, outputTokens };
  }
  return { ...cut(composeText(ask, prompt, asked), ask), toolInput: undefined, inputTokens };
}

function composeText(ask: Ask, prompt: string, asked: unknown): string {
  const inPrompt = asked === undefined ? findSchemaInText(prompt) : undefined;
  const found = inPrompt ?? (asked === undefined ? findSchemaInText(ask.system) : undefined);
  const schema = asked ?? found?.schema;
  if (schema !== undefined) {
    const bare = inPrompt === undefined ? prompt : prompt.replace(inPrompt.text, " ");
    return JSON.stringify(answerSchema(schema, { message: findMessage(bare, labelSetsOf(schema)) }) ?? null);
  }
  const labels = findLabelsInText(prompt) ?? findLabelsInText(ask.system);
  if (labels !== undefined) return labels.pick(findMessage(prompt, [labels]));
  return saySimulated(cutMessage(prompt));
}

const shownWords = 12;
const shownChars = 300;

function saySimulated(message: string): string {
  // Only as much of a long text as is shown is looked at.
  const words = cutText(message, shownChars)
    .trim()
    .split(/\s+/, shownWords + 1);
  const begins = words.slice(0, shownWords).join(" ");
  const rest = begins === "" ? "." : ` and begins: "${begins}${words.length > shownWords ? " …" : ""}"`;
  return `This is a simulated answer; no language model has read the request. Its text has ${message.length} characters${rest}`;
}

function findMessage(prompt: string, sets: readonly LabelSet[]): string {
  let rest = prompt;
  for (const set of sets) rest = withoutList(rest, set);
  return cutMessage(rest);
}

function lastUserText(ask: Ask): string {
  for (let index = ask.turns.length - 1; index >= 0; index--) {
    const turn = ask.turns[index];
    if (turn?.role === "user" && turn.text !== "") return turn.text;
  }
  return ask.system;
}

/** Ends a text where a stop sequence or the limit of tokens ends it. */
export function cut(
  text: string,
  { stopSequences, maxOutputTokens }: Pick<Ask, "stopSequences" | "maxOutputTokens">,
): Pick<Reply, "text" | "reason" | "stopSequence" | "outputTokens"> {
  let kept = text;
  let stopSequence: string | undefined;
  for (const sequence of stopSequences) {
    const at = sequence === "" ? -1 : kept.indexOf(sequence);
    if (at >= 0) {
      kept = kept.slice(0, at);
      stopSequence = sequence;
    }
  }
  const tokens = countTokens(kept);
  if (maxOutputTokens !== undefined && tokens > maxOutputTokens) {
    return {
      text: takeTokens(kept, maxOutputTokens),
      reason: "length",
      stopSequence: undefined,
      outputTokens: maxOutputTokens,
    };
  }
  return {
    text: kept,
    reason: stopSequence === undefined ? "end" : "stop",
    stopSequence,
    outputTokens: Math.max(1, tokens),
  };
}
