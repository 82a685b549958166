import stringWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";

/** Characters that take no place and join nothing, which the package counts: soft hyphen, zero-width space and non-joiner, byte order mark. */
const nothing = /[\u00ad\u200b\u200c\u2060-\u2064\ufeff]/g;

/** Columns that a text takes on a terminal: wide characters two, marks and colours none. */
export const textWidth = (text: string): number => stringWidth(text.replace(nothing, ""), { tabWidth: 0 });

/** Fills up with spaces to a width. */
export function padText(text: string, width: number, align?: "right"): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? space + text : text + space;
}

/** Lines of a text, broken between words; a word that is longer than a line stays whole. */
export const wrapText = (text: string, width: number): string[] =>
  wrapAnsi(text, Math.max(1, width), { hard: false, trim: true }).split("\n");

/** What stands before the text of a line: spaces, or a label and the spaces after it. */
const heads = /^(?:\s{2,}\S{1,12}\s{2,}(?=\S)|\S[^\n]{0,10}?\s{2,}(?=\S)|\s+)/;
const escapes = /\u001b\[[0-9;]*m/g;

/** A line that is too wide in several, those after the first below the beginning of its text. */
export function wrapLine(line: string, width: number): string[] {
  if (textWidth(line) <= width) return [line];
  const head = heads.exec(line.replace(escapes, ""))?.[0] ?? "";
  const indent = textWidth(head) <= width / 2 ? head : "";
  const [first = "", ...rest] = wrapText(dropStart(line, indent.length), width - textWidth(indent));
  return [takeStart(line, indent.length) + first, ...rest.map((each) => " ".repeat(textWidth(indent)) + each)];
}

/** The first letters, up to a width, with the colours among them. */
const takeStart = (line: string, count: number): string => splitAt(line, count)[0];
const dropStart = (line: string, count: number): string => splitAt(line, count)[1];

function splitAt(line: string, count: number): [string, string] {
  let [place, letters] = [0, 0];
  while (place < line.length) {
    const escape = /^\u001b\[[0-9;]*m/.exec(line.slice(place));
    if (escape !== null) place += escape[0].length;
    else if (letters === count) break;
    else {
      place += 1;
      letters += 1;
    }
  }
  return [line.slice(0, place), line.slice(place)];
}

/** Shortens a text to a width, after a word; a mark says that there is more. */
export function shortenText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const [first = ""] = wrapText(text, width - 2);
  return textWidth(first) <= width - 2 ? `${first} …` : "…";
}
