/**
 * The simulation: answers without a language model. It reads the request and gives an answer of the asked shape: text that
 * says what it is, JSON that fits the asked schema, of offered labels the one that shares most words with the text. The
 * same request always gets the same answer, and its token counts are counted from the text.
 */

import { isObject, type ModelRequest, type Reply } from "../family.ts";
import { countTokens, takeTokens } from "../tokens.ts";
import { cutText } from "./cut-text.ts";
import { answerSchema, labelSetsOf } from "./json-answer.ts";
import type { LabelSet } from "./labels.ts";
import { contentSchema, findPackedAsk, type PackedAsk, type PackedItem, writePackedAnswer } from "./packed-ask.ts";
import { placeLabel } from "./place-label.ts";
import { cutMessage, findLabelsInText, findSchemaInText, withoutList } from "./prompt-offer.ts";

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
export function countAskTokens(ask: ModelRequest): number {
  let tokens = tokensPerRequest + countSystemTokens(ask.system);
  for (const turn of ask.turns) tokens += countTokens(turn.text) + (turn.fileTokens ?? 0) + tokensPerTurn;
  for (const schema of [ask.schema, ask.tool?.schema]) {
    if (schema !== undefined) tokens += countTokens(JSON.stringify(schema));
  }
  return tokens;
}

/** A model that is described, and answers by that instead of by the words of a request. */
export interface Actor {
  /** The column that the labels come from: an answer's member of that name gets them, where no list of labels tells. */
  readonly labelColumn: string;
  /** The label that the model gives to what a prompt asks about; undefined where it is nothing that it knows. */
  labelOf(prompt: string): string | undefined;
  /** The same of a row of a request with several. */
  labelOfCells(cells: readonly string[]): string | undefined;
  /** What comes back of a request with several rows. */
  disturb(items: readonly PackedItem[], words: string): readonly PackedItem[];
}

/** One answer. @param actor who answers instead of the words */
export function simulateAnswer(ask: ModelRequest, actor?: Actor): Reply {
  const inputTokens = countAskTokens(ask);
  const prompt = lastUserText(ask);
  const asked = ask.tool?.schema ?? ask.schema;
  if (ask.tool !== undefined) {
    const toolInput = answerWhole(asked, findMessage(prompt, labelSetsOf(asked)), actor?.labelOf(prompt), actor);
    const outputTokens = countTokens(JSON.stringify(toolInput)) + tokensPerTurn;
    return { text: "", reason: "tool", stopSequence: undefined, toolInput, inputTokens, outputTokens };
  }
  return { ...cut(composeText(ask, prompt, asked, actor), ask), toolInput: undefined, inputTokens };
}

function answerWhole(schema: unknown, message: string, label: string | undefined, actor: Actor | undefined): unknown {
  const value = answerSchema(schema, { message });
  return label === undefined || actor === undefined ? value : placeLabel(value, schema, label, actor.labelColumn);
}

/** Each row is answered as if it were asked alone. */
function composePacked(packed: PackedAsk, schema: unknown, prompt: string, actor: Actor | undefined): string {
  // What the items point to stands in the whole schema.
  const own = { ...(schema as object), ...contentSchema(packed) };
  const sets = labelSetsOf(own);
  const items = packed.rows.map(({ key, cells }): PackedItem => {
    const value = answerWhole(own, findMessage(cells.join("\n"), sets), actor?.labelOfCells(cells), actor);
    return { key, content: isObject(value) ? value : {} };
  });
  return writePackedAnswer(packed, actor?.disturb(items, prompt) ?? items);
}

function composeText(ask: ModelRequest, prompt: string, asked: unknown, actor: Actor | undefined): string {
  const inPrompt = asked === undefined ? findSchemaInText(prompt) : undefined;
  const found = inPrompt ?? (asked === undefined ? findSchemaInText(ask.system) : undefined);
  const schema = asked ?? found?.schema;
  if (schema !== undefined) {
    const packed = findPackedAsk(schema, prompt);
    if (packed !== undefined) return composePacked(packed, schema, prompt, actor);
    const label = actor?.labelOf(prompt);
    const bare = inPrompt === undefined ? prompt : prompt.replace(inPrompt.text, " ");
    return JSON.stringify(answerWhole(schema, findMessage(bare, labelSetsOf(schema)), label, actor) ?? null);
  }
  const own = actor?.labelOf(prompt);
  if (own !== undefined) return own;
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

function lastUserText(ask: ModelRequest): string {
  for (let index = ask.turns.length - 1; index >= 0; index--) {
    const turn = ask.turns[index];
    if (turn?.role === "user" && turn.text !== "") return turn.text;
  }
  return ask.system;
}

/** Ends a text where a stop sequence or the limit of tokens ends it. */
export function cut(
  text: string,
  { stopSequences, maxOutputTokens }: Pick<ModelRequest, "stopSequences" | "maxOutputTokens">,
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
