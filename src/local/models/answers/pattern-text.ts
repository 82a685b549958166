/**
 * A text that a regular expression accepts, for the `pattern` of a JSON Schema: the shortest way through what most patterns
 * are made of. Whether it really fits is tried with the expression itself.
 */

interface Cursor {
  readonly source: string;
  at: number;
}

const firstOf: Readonly<Record<string, string>> = {
  d: "0",
  w: "a",
  s: " ",
  D: "a",
  W: "-",
  S: "a",
  n: "\n",
  t: "\t",
  r: "\r",
};
const likely = ["a", "A", "0", "1", "-", "_", ".", " ", "@", "/", ":"];

/** A text that fits, or undefined where the pattern is beyond this. */
export function findPatternText(pattern: string, minLength = 0): string | undefined {
  let regex: RegExp;
  try {
    regex = new RegExp(pattern, "u");
  } catch {
    return undefined; // not an expression of JavaScript's: nothing can be said of it
  }
  // From the shortest repetition to longer ones, until the length is reached.
  for (const repeat of [0, 1, 2, 4, 8, 16, 32, 64]) {
    const text = readChoice({ source: pattern, at: 0 }, repeat);
    if (text.length >= minLength && regex.test(text)) return text;
  }
  return undefined;
}

function readChoice(cursor: Cursor, repeat: number): string {
  let first: string | undefined;
  let text = "";
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ")") {
    if (cursor.source[cursor.at] === "|") {
      cursor.at++;
      first ??= text;
      text = "";
    } else text += readRepeated(cursor, repeat);
  }
  return first ?? text;
}

function readRepeated(cursor: Cursor, repeat: number): string {
  const unit = readUnit(cursor);
  const [least, most] = readCount(cursor);
  return unit.repeat(Math.max(least, Math.min(most, repeat)));
}

function readCount(cursor: Cursor): readonly [number, number] {
  const match = /^(?:[?*+]|\{(\d+)(,?)(\d*)\})\??/.exec(cursor.source.slice(cursor.at));
  if (match === null) return [1, 1];
  cursor.at += match[0].length;
  const endless = Number.MAX_SAFE_INTEGER;
  if (match[0].startsWith("?")) return [0, 1];
  if (match[0].startsWith("*")) return [0, endless];
  if (match[0].startsWith("+")) return [1, endless];
  const least = Number(match[1]);
  if (match[2] === "") return [least, least];
  return [least, match[3] === "" ? endless : Number(match[3])];
}

function readUnit(cursor: Cursor): string {
  const sign = cursor.source[cursor.at++] ?? "";
  if (sign === "^" || sign === "$") return "";
  if (sign === ".") return "a";
  if (sign === "\\") return readEscape(cursor);
  if (sign === "[") return readClass(cursor);
  if (sign !== "(") return sign;
  const opening = /^\?(?::|<\w+>|<?[=!])/.exec(cursor.source.slice(cursor.at))?.[0] ?? "";
  cursor.at += opening.length;
  const text = readChoice(cursor, 1);
  cursor.at++;
  // What is only looked at is not part of the text.
  return /[=!]$/.test(opening) ? "" : text;
}

function readEscape(cursor: Cursor): string {
  const sign = cursor.source[cursor.at++] ?? "";
  if (sign === "b" || sign === "B") return "";
  const property = /^\{[^}]*\}/.exec(cursor.source.slice(cursor.at))?.[0];
  if ((sign === "p" || sign === "P") && property !== undefined) {
    cursor.at += property.length;
    return property.startsWith("{N") ? "0" : property.startsWith("{Lu") ? "A" : "a";
  }
  return firstOf[sign] ?? sign;
}

function readClass(cursor: Cursor): string {
  const start = cursor.at - 1;
  while (
    cursor.at < cursor.source.length &&
    (cursor.source[cursor.at] !== "]" || cursor.source[cursor.at - 1] === "\\")
  )
    cursor.at++;
  cursor.at++;
  const regex = new RegExp(cursor.source.slice(start, cursor.at), "u");
  const own = [...cursor.source.slice(start + 1, cursor.at - 1)];
  return [...likely, ...own].find((sign) => regex.test(sign)) ?? "a";
}
