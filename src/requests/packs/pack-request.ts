import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { ItemPart, JsonSchema, RunPack } from "../../foundation/types/index.ts";
import type { Prompt } from "../../prompt/prompt.ts";
import type { RequestShape } from "../body-sql.ts";
import { boundAnswer } from "./bound-answer.ts";
import { cellNames, findItemParts } from "./item-parts.ts";

/** The one member of a packed answer: the list with an item for each row. */
export const listName = "items";

/** Tokens of a row's key in an answer, with what stands around it, at about. */
export const keyTokens = 8;

/** What a model gives at most where that is not known: the least of those that are. */
const usualOutputTokens = 2048;

/** A run that is to be packed. */
export interface PackWish {
  readonly prompt: Prompt;
  readonly shape: RequestShape;
  /** The highest limit of output tokens that the model takes; undefined where it is not known. */
  readonly maxOutputTokens: number | undefined;
  readonly rowsPerRequest: number;
}

/**
 * How rows share requests: as many as were asked for, or as the model's limit of output leaves room for.
 * @throws PACK_REFUSED where rows of this kind cannot share one
 */
export function makeRunPack(wish: PackWish): RunPack {
  const { prompt, shape, rowsPerRequest } = wish;
  const parts = findItemParts(prompt);
  const problems = findPackProblems(prompt, shape);
  if (parts === undefined || problems.length > 0) throw new HalfpriceError("PACK_REFUSED", { problems });
  const { maxTokens } = shape.parameters;
  const most = wish.maxOutputTokens ?? Math.max(usualOutputTokens, maxTokens);
  const bound = shape.output === undefined ? undefined : boundAnswer(shape.output);
  const answerTokens = Math.min(maxTokens, bound ?? maxTokens);
  const rows = Math.max(1, Math.min(rowsPerRequest, Math.floor(most / (answerTokens + keyTokens))));
  const properties = shape.output === undefined ? [] : Object.keys(shape.output["properties"] ?? {});
  const taken = [...cellNames(parts), ...properties];
  return {
    rowsPerRequest: rows,
    maxTokens: Math.max(maxTokens, Math.min(most, rows * (maxTokens + keyTokens))),
    keyName: findFree("row", taken),
    ...(shape.output === undefined ? { answerName: "answer" } : {}),
    parts,
  };
}

/** Why rows with files share no request. */
export const packedMediaProblem = "the prompts have pictures or documents, which belong to one row each";

/** Why rows cannot share a request; none where they can. */
function findPackProblems(prompt: Prompt, { family, output, parameters, answersPerRow }: RequestShape): string[] {
  const refs = output === undefined ? [] : findRefs(output);
  const combined = ["anyOf", "oneOf", "allOf", "not", "$ref"].filter((keyword) => output?.[keyword] !== undefined);
  return [
    ...(family.kind === "embedding"
      ? ["an embedding model gives a vector for each request: it has no packed form"]
      : []),
    ...(prompt.kind === "raw" ? ["the rows are ready request bodies, which are sent as they are"] : []),
    ...(prompt.kind === "function" && prompt.shared === undefined
      ? [
          `${prompt.source} makes its prompts with a function, and does not say which part all rows share: add shared: "…"`,
        ]
      : []),
    ...(prompt.kind === "template" && !prompt.parts.some(({ kind }) => kind !== "text")
      ? ["the prompt uses no column, so all rows share one request anyway"]
      : []),
    ...(prompt.kind === "template" && prompt.parts.some(({ kind }) => kind === "media") ? [packedMediaProblem] : []),
    ...(answersPerRow === undefined ? [] : ["--answers asks each row several times; a packed row has one answer"]),
    ...(parameters.stopSequences === undefined
      ? []
      : ["a stop sequence would end the answer of all rows of a request at the first that has it"]),
    ...(combined.length === 0
      ? []
      : [`the output schema has ${combined.join(", ")} at its root, which an item of a list cannot keep`]),
    ...(refs.length === 0
      ? []
      : [`the output schema points to ${refs[0]}; inside of a list only $defs and definitions are found`]),
  ];
}

function findRefs(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(findRefs);
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === "$ref" && typeof value === "string"
      ? /^#\/(\$defs|definitions)\//.test(value)
        ? []
        : [value]
      : findRefs(value),
  );
}

function findFree(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const other = number === 2 ? `${name}_key` : `${name}_key_${number - 1}`;
    if (!taken.includes(other)) return other;
  }
}

/** Members of a schema that what is inside of it points to, or that say what the whole is. */
const rootMembers = ["$defs", "definitions", "$schema", "$id"];

/** The schema of a packed answer: a list of what each row's answer is to be, with its key first. */
export function makePackSchema(
  output: JsonSchema | undefined,
  { keyName, answerName = "answer" }: RunPack,
): JsonSchema {
  const own: JsonSchema = output ?? {
    type: "object",
    properties: { [answerName]: { type: "string" } },
    required: [answerName],
    additionalProperties: false,
  };
  const isOfRoot = ([name]: readonly [string, unknown]): boolean => rootMembers.includes(name);
  const required = Array.isArray(own["required"]) ? (own["required"] as unknown[]) : [];
  const key = { type: "string", description: "The key of the row, as it was given." };
  const item = {
    ...Object.fromEntries(Object.entries(own).filter((member) => !isOfRoot(member))),
    type: "object",
    properties: { [keyName]: key, ...(own["properties"] as object) },
    required: [keyName, ...required],
  };
  return {
    ...Object.fromEntries(Object.entries(own).filter((member) => isOfRoot(member) && member[0] !== "$id")),
    type: "object",
    properties: { [listName]: { type: "array", items: item } },
    required: [listName],
    additionalProperties: false,
  };
}

/** The shape of requests with several rows. */
export function toPackShape(shape: RequestShape, pack: RunPack): RequestShape {
  const { items: _, ...rest } = shape;
  return {
    ...rest,
    parameters: { ...shape.parameters, maxTokens: pack.maxTokens },
    output: makePackSchema(shape.output, pack),
  };
}

/** What stands before the rows of a request, once for all of them. */
export function makePackHead({ keyName, parts }: RunPack): string {
  const placeholders = cellNames(parts).map((name) => `{{${name}}}`);
  const stand = placeholders.length === 1 ? `${placeholders[0]} stands` : `${placeholders.join(", ")} stand`;
  return [
    "The task is written for one row. Do it for each of the rows below by itself, as if it were the only one.",
    `In the task, ${stand} for what a row has under ${placeholders.length === 1 ? "that name" : "those names"}.`,
    "",
    "Task:",
    parts
      .map((part: ItemPart) => (part.kind === "text" ? part.text : `{{${part.name}}}`))
      .join("")
      .trim(),
    "",
    `Rows, one JSON object a line; "${keyName}" is a row's key:`,
    "",
  ].join("\n");
}

/** What stands behind the rows. */
export const makePackTail = ({ keyName }: RunPack): string =>
  `\n\nAnswer with one item in "${listName}" for each row, with its "${keyName}" as it is above.`;

const consonants = "bcdfghjkmnpqrstv";

/**
 * The key of a row in its request: letters that no counting leads to, so that whoever answers has to copy them, then its place.
 * @param at the row's place in the request, from 0, below 4,096
 */
export function makeKey(recordId: string, at: number): string {
  const letter = (value: number): string => consonants[value & 15] ?? "";
  const own = [0, 1].map((place) => letter(Number.parseInt(recordId[place] ?? "0", 16)));
  return `${own.join("")}${at > 255 ? letter(at >> 8) : ""}${letter(at >> 4)}${letter(at)}`;
}
