/** The `modelBehaviour` option: a JSON file that says how well models answer, and what goes wrong with several rows in one request. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { catalogue } from "../catalogue.ts";
import { isObject, type JsonObject } from "../family.ts";
import { readGold } from "./gold-table.ts";

/** How often a model is right. */
export interface ModelRates {
  /** 0 to 1. */
  readonly accuracy: number;
  /** Labels with a rate of their own. */
  readonly perClass: Readonly<Record<string, number>>;
}

/** What goes wrong with the items of a request with several rows; each a share of the items, 0 to 1. */
export const packedFaults = ["drop", "double", "reorder", "exchange", "merge"] as const;
export type PackedRates = Readonly<Record<(typeof packedFaults)[number], number>>;

export interface Behaviour {
  /** The gold label of each text. */
  readonly gold: ReadonlyMap<string, string>;
  readonly labelColumn: string;
  /** All labels, in the order of the alphabet. */
  readonly labels: readonly string[];
  /** By the id of the catalogue. */
  readonly models: ReadonlyMap<string, ModelRates>;
  readonly packed: PackedRates;
  readonly seed: number;
}

/** A file that describes no behaviour; the message names the file, and the place in it. */
export class ModelBehaviourError extends Error {
  override readonly name = "ModelBehaviourError";
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`The behaviour of models in ${path} cannot be used: ${reason}`, options);
    this.path = path;
    this.reason = reason;
  }
}

/** @throws ModelBehaviourError where the file, or the gold table that it names, cannot be read */
export async function readBehaviour(path: string): Promise<Behaviour> {
  const problems: string[] = [];
  const parsed = parseBehaviour(await readJson(path), problems);
  if (problems.length > 0) throw new ModelBehaviourError(path, problems.join("; "));
  const { file, text, label } = parsed.gold;
  let gold: ReadonlyMap<string, string>;
  try {
    gold = readGold(await readText(resolve(dirname(path), file)), text, label);
  } catch (cause) {
    throw new ModelBehaviourError(path, `gold.file ${file}: ${(cause as Error).message}`, { cause });
  }
  const labels = [...new Set(gold.values())].sort();
  return { ...parsed, gold, labelColumn: label, labels };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(`it cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`, { cause });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(path));
  } catch (cause) {
    const isJson = cause instanceof SyntaxError;
    throw new ModelBehaviourError(path, `${isJson ? "it is no JSON: " : ""}${(cause as Error).message}`, { cause });
  }
}

interface ParsedBehaviour {
  readonly gold: { readonly file: string; readonly text: string; readonly label: string };
  readonly models: ReadonlyMap<string, ModelRates>;
  readonly packed: PackedRates;
  readonly seed: number;
}

function parseBehaviour(value: unknown, problems: string[]): ParsedBehaviour {
  const whole = objectAt(value, "the file", ["gold", "models", "packed", "seed"], problems);
  const gold = objectAt(whole["gold"], "gold", ["file", "text", "label"], problems);
  const textOf = (name: string): string => {
    const given = gold[name];
    if (typeof given === "string" && given !== "") return given;
    problems.push(`gold.${name} has to be a text, not ${say(given)}`);
    return "";
  };
  const given = objectAt(whole["models"] ?? {}, "models", undefined, problems);
  const models = new Map(
    Object.entries(given).map(([name, rates]) => [findId(name, problems), parseRates(rates, name, problems)]),
  );
  const packed = objectAt(whole["packed"] ?? {}, "packed", packedFaults, problems);
  const rates = Object.fromEntries(
    packedFaults.map((name) => [name, rateAt(packed[name] ?? 0, `packed.${name}`, problems)]),
  ) as PackedRates;
  const sum = packedFaults.reduce((total, name) => total + rates[name], 0);
  if (sum > 1) problems.push(`the rates of packed add up to ${sum}; an item has at most one fault`);
  const seed = whole["seed"] ?? 1;
  if (!Number.isSafeInteger(seed)) problems.push(`seed has to be a whole number, not ${say(seed)}`);
  return {
    gold: { file: textOf("file"), text: textOf("text"), label: textOf("label") },
    models,
    packed: rates,
    seed: Number(seed),
  };
}

function parseRates(value: unknown, name: string, problems: string[]): ModelRates {
  const at = `models.${name}`;
  const rates = objectAt(value, at, ["accuracy", "perClass"], problems);
  const perClass = objectAt(rates["perClass"] ?? {}, `${at}.perClass`, undefined, problems);
  return {
    accuracy: rateAt(rates["accuracy"], `${at}.accuracy`, problems),
    perClass: Object.fromEntries(
      Object.entries(perClass).map(([label, rate]) => [label, rateAt(rate, `${at}.perClass.${label}`, problems)]),
    ),
  };
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(".", "-");

/** The model that a name means: its id, or the beginning of what follows the maker's name: `nova-micro`, `claude-haiku-4.5`. */
function findId(name: string, problems: string[]): string {
  const wanted = plainName(name);
  const found = catalogue.filter(({ id }) => {
    const own = plainName(id);
    const short = own.slice(plainName(id.slice(0, id.indexOf("."))).length + 1);
    return (
      own === wanted ||
      short === wanted ||
      (short.startsWith(wanted) && /^-(v\d|\d{8})/.test(short.slice(wanted.length)))
    );
  });
  const [first] = found.sort((one, other) => one.id.length - other.id.length);
  if (first !== undefined) return first.id;
  problems.push(`models.${name} is no model that the service has; halfprice models lists them`);
  return name;
}

function objectAt(value: unknown, at: string, keys: readonly string[] | undefined, problems: string[]): JsonObject {
  if (!isObject(value)) {
    problems.push(`${at} has to be an object, not ${say(value)}`);
    return {};
  }
  for (const key of Object.keys(value))
    if (keys !== undefined && !keys.includes(key))
      problems.push(`${at} has the unknown member ${key}; it may have ${keys.join(", ")}`);
  return value;
}

function rateAt(value: unknown, at: string, problems: string[]): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  problems.push(`${at} has to be a number from 0 to 1, not ${say(value)}`);
  return 0;
}

const say = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60));
