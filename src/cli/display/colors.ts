import { randomUUID } from "node:crypto";
import pc from "picocolors";
import { showText } from "../show-text.ts";

// Undefined, and not false, where stdout is no terminal: then the library would decide by itself, and colour logs of CI.
const isTerminal = Boolean(process.stdout.isTTY);

const painters = pc.createColors(pc.isColorSupported && isTerminal);

/** Stands for the escape character of a colour of ours until it is written. No text can have it: it differs from process to process. */
const ownEscape = `\ue000${randomUUID()}\ue000`;

let isRawWanted = false;

const paint =
  (painter: (text: string) => string) =>
  (text: string): string =>
    painter((isRawWanted ? text : showText(text)).replaceAll(ownEscape, "\u001b")).replaceAll("\u001b", ownEscape);

type Color = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** Colours for what is given to a terminal; without a terminal the text as it is. */
export const colors: Readonly<Record<Color, (text: string) => string>> = {
  bold: paint(painters.bold),
  cyan: paint(painters.cyan),
  dim: paint(painters.dim),
  green: paint(painters.green),
  red: paint(painters.red),
  yellow: paint(painters.yellow),
};

/** Control characters are written as they are from here on: `--raw-output`. */
export function writeRaw(): void {
  isRawWanted = true;
}

/** A text as it is written: colours are ours, every other control character is shown and not obeyed. */
export function toWritten(text: string): string {
  return (isRawWanted ? text : showText(text)).replaceAll(ownEscape, "\u001b");
}
