/** Patterns of policies: `*`, `?`, and `${…}` variables, whose values are letters even where they contain a `*`. */
import type { RequestKeys } from "./policy.ts";

const many = Symbol("*");
const one = Symbol("?");
/** One letter, any letter, or any number of letters. */
export type Token = string | typeof many | typeof one;

/** Any text at all. */
export const anything: readonly Token[] = [many];

const letterTokens = (text: string): Token[] =>
  [...text].map((letter) => (letter === "*" ? many : letter === "?" ? one : letter));

/**
 * The tokens of a pattern; undefined where a variable has no value: then nothing matches.
 * @param keys values of variables; undefined where the document has none (its `${…}` are letters)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (known, not read again)
 */
export function tokenize(pattern: string, keys: RequestKeys | undefined): Token[] | undefined {
  if (keys === undefined || !pattern.includes("${")) return letterTokens(pattern);
  const tokens: Token[] = [];
  let at = 0;
  for (const match of pattern.matchAll(/\$\{([^}]*)\}/g)) {
    tokens.push(...letterTokens(pattern.slice(at, match.index)));
    const value = valueOf(match[1] ?? "", keys);
    if (value === undefined) return undefined;
    tokens.push(...value);
    at = match.index + match[0].length;
  }
  return [...tokens, ...letterTokens(pattern.slice(at))];
}

/** `${*}`, `${?}` and `${$}` are those letters; `${key, 'usual'}` is `usual` where there is no such key. */
function valueOf(name: string, keys: RequestKeys): string | undefined {
  if (name === "*" || name === "?" || name === "$") return name;
  const [, key = "", usual] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/.exec(name) ?? [];
  const values = keys.get(key.toLowerCase());
  // A key of several values is no variable.
  return values?.length === 1 ? values[0] : usual;
}

/** Whether the whole text fits. Takes time in proportion to both lengths at worst, whatever the pattern. */
export function fits(tokens: readonly Token[], text: string): boolean {
  const letters = [...text];
  let token = 0;
  let letter = 0;
  let star = -1;
  let resumeAt = 0;
  while (letter < letters.length) {
    const wanted = tokens[token];
    if (wanted === many) {
      star = token++;
      resumeAt = letter;
    } else if (token < tokens.length && (wanted === one || wanted === letters[letter])) {
      token++;
      letter++;
    } else if (star >= 0) {
      token = star + 1;
      letter = ++resumeAt;
    } else return false;
  }
  return tokens.slice(token).every((left) => left === many);
}

export const lowerTokens = (tokens: readonly Token[]): Token[] =>
  tokens.map((token) => (typeof token === "string" ? token.toLowerCase() : token));

const arnFields = 6;

/**
 * Whether an ARN fits a pattern field by field: a `*` does not reach over a colon but in the last field, and fields that
 * are missing at the end stand for anything ("IAM JSON policy elements: Resource").
 */
export function fitsArn(tokens: readonly Token[], text: string): boolean {
  if (tokens.length > 0 && tokens.every((token) => token === many)) return true;
  const wanted = splitFields(tokens, (token) => token === ":");
  const given = splitFields([...text], (letter) => letter === ":").map((letters) => letters.join(""));
  if (given.length < arnFields) return fits(tokens, text);
  return given.every((field, index) => fits(wanted[index] ?? anything, field));
}

function splitFields<T>(all: readonly T[], isColon: (each: T) => boolean): T[][] {
  const fields: T[][] = [[]];
  for (const each of all) {
    if (isColon(each) && fields.length < arnFields) fields.push([]);
    else fields.at(-1)?.push(each);
  }
  return fields;
}
