import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import pc from "picocolors";
import { showText } from "./show-text.ts";

/** The one door to the terminal: results on stdout, everything else on stderr. */
export interface Terminal {
  /** A line of results. */
  readonly print: (line?: string) => void;
  /** A line about what is going on. */
  readonly note: (line: string) => void;
  /** Lines that replace those shown before; without a terminal each new text is a line of its own. */
  live(lines: readonly string[]): void;
  /** Leaves what `live` showed last standing, or takes it away. */
  endLive(keep: boolean): void;
  /** @returns undefined where there is no terminal to ask on */
  confirm(question: string): Promise<boolean | undefined>;
  readonly isInteractive: boolean;
}

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

/** Ctrl-C at a question: nothing was sent. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export interface TerminalOptions {
  /** Nothing but results and errors. */
  readonly isQuiet: boolean;
}

export function openTerminal({ isQuiet }: TerminalOptions): Terminal {
  const { stdout, stderr, stdin } = process;
  const isLive = stderr.isTTY && (stderr.columns ?? 0) > 20 && !isQuiet;
  let shown: readonly string[] = [];
  let last = "";
  const clear = (): void => {
    if (shown.length > 0) stderr.write(`\u001b[${shown.length}A\u001b[0J`);
    shown = [];
  };
  const terminal: Terminal = {
    print(line = "") {
      clear();
      stdout.write(`${toWritten(line)}\n`);
    },
    note(line) {
      if (isQuiet) return;
      const before = shown;
      clear();
      stderr.write(`${toWritten(line)}\n`);
      if (before.length > 0) terminal.live(before);
    },
    live(lines) {
      if (isQuiet) return;
      if (isLive) {
        clear();
        const width = stderr.columns - 1;
        shown = lines.map((line) => cutLine(toWritten(line).replaceAll("\n", " "), width));
        stderr.write(shown.map((line) => `${line}\n`).join(""));
        return;
      }
      const text = lines.join(" · ");
      if (text !== last) stderr.write(`${toWritten(text)}\n`);
      last = text;
    },
    endLive(keep) {
      if (keep) shown = [];
      else clear();
    },
    async confirm(question) {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        const interrupted = new Promise<never>((_resolve, reject) => {
          reader.once("SIGINT", () => reject(new Interrupted()));
        });
        const answer = await Promise.race([reader.question(`${toWritten(question)} [y/N] `), interrupted]);
        return /^y(es)?$/i.test(answer.trim());
      } finally {
        reader.close();
      }
    },
    isInteractive: isLive,
  };
  return terminal;
}

/** Cuts a line with colours in it to a width. */
function cutLine(line: string, width: number): string {
  let visible = 0;
  let out = "";
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b[")) out += part;
    else {
      const letters = [...part].slice(0, Math.max(0, width - visible));
      out += letters.join("");
      visible += letters.length;
    }
  }
  return out;
}
