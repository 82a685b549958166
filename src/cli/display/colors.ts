import { randomUUID } from "node:crypto";
import pc from "picocolors";
import { showText } from "../show-text.ts";

/** Stands for the escape character of a colour of ours until it is written. No text can have it: it differs from process to process. */
const ownEscape = `\ue000${randomUUID()}\ue000`;

let isRawWanted = false;

const paint =
  (painter: (text: string) => string) =>
  (text: string): string =>
    painter((isRawWanted ? text : showText(text)).replaceAll(ownEscape, "\u001b")).replaceAll("\u001b", ownEscape);

type Color = "bold" | "cyan" | "dim" | "green" | "red" | "yellow";

/** What colours a text, or leaves it as it is. */
export function makeColors(isColored: boolean): Readonly<Record<Color, (text: string) => string>> {
  const { bold, cyan, dim, green, red, yellow } = pc.createColors(isColored);
  return {
    bold: paint(bold),
    cyan: paint(cyan),
    dim: paint(dim),
    green: paint(green),
    red: paint(red),
    yellow: paint(yellow),
  };
}

/** Colours for what is given to a terminal; without a terminal the text as it is, where the library alone would colour logs of CI. */
export const colors = makeColors(pc.isColorSupported && Boolean(process.stdout.isTTY));

/** Control characters are written as they are from here on: `--raw-output`. */
export function writeRaw(): void {
  isRawWanted = true;
}

/** A text as it is written: colours are ours, every other control character is shown and not obeyed. */
export function toWritten(text: string): string {
  return (isRawWanted ? text : showText(text)).replaceAll(ownEscape, "\u001b");
}
