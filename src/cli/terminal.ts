import { createInterface } from "node:readline/promises";
import { toWritten } from "./display/colors.ts";
import { Interrupted } from "./display/interrupted.ts";
import { textWidth, wrapLine } from "./display/layout.ts";

/** The one door to the terminal: results on stdout, everything else on stderr. */
export interface Terminal {
  /** A line of results; on a terminal it is broken between words where it is too long. */
  readonly print: (line?: string) => void;
  /** A line about what is going on. */
  readonly note: (line: string) => void;
  /**
   * Lines that replace those shown before, made for a width, and made anew where that changes. Without a terminal they are one line, at
   * most once a minute.
   */
  live(lines: LiveLines): void;
  /** Leaves what `live` showed last standing, or takes it away. */
  endLive(keep: boolean): void;
  /** @returns undefined where there is no terminal to ask on */
  confirm(question: string): Promise<boolean | undefined>;
  /** Progress is a block that is drawn anew. */
  readonly isInteractive: boolean;
  /** How wide tables may be. */
  readonly columns: number;
}

/** Lines at the end of a terminal that are drawn anew. */
export type LiveLines = readonly string[] | ((columns: number) => readonly string[]);

/** How a terminal is opened. */
export interface TerminalOptions {
  /** Nothing but results and errors. */
  readonly isQuiet: boolean;
  /** @defaultValue the wall's clock */
  readonly nowMs?: () => number;
}

/** The shortest time between two lines of progress in a log. */
const logEveryMs = 60_000;
/** Without a terminal, and without `COLUMNS`: a row of a table is a line, as what reads a pipe wants it. */
const usualColumns = 240;

/** The terminal of this process: results on stdout, the rest on stderr. */
export function openTerminal({ isQuiet, nowMs = Date.now }: TerminalOptions): Terminal {
  const { stdout, stderr, stdin } = process;
  const isLive = stderr.isTTY && (stderr.columns ?? 0) > 20 && !isQuiet;
  let shown: readonly string[] = [];
  let source: LiveLines = [];
  let last = "";
  let loggedAt = -Infinity;
  // A narrower terminal has broken the lines that stood there into more.
  const clear = (): void => {
    if (shown.length > 0) {
      const width = Math.max(1, stderr.columns);
      const height = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / width)), 0);
      stderr.write(`\u001b[${height}A\u001b[0J`);
    }
    shown = [];
  };
  const draw = (): void => {
    const width = stderr.columns - 1;
    const lines = typeof source === "function" ? source(width) : source;
    shown = lines.flatMap((line) => wrapLine(toWritten(line).replaceAll("\n", " "), width));
    stderr.write(shown.map((line) => `${line}\n`).join(""));
  };
  const redraw = (): void => {
    if (shown.length === 0) return;
    clear();
    draw();
  };
  if (isLive) stderr.on("resize", redraw);
  const write = (stream: NodeJS.WriteStream, own: string): void => {
    const text = toWritten(own);
    const width = findColumns(stream);
    const lines = width === undefined ? [text] : text.split("\n").flatMap((line) => wrapLine(line, width));
    stream.write(`${lines.join("\n")}\n`);
  };
  const terminal: Terminal = {
    print(line = "") {
      clear();
      write(stdout, line);
    },
    note(line) {
      if (isQuiet) return;
      const hadLive = shown.length > 0;
      clear();
      write(stderr, line);
      if (hadLive) draw();
    },
    live(lines) {
      if (isQuiet) return;
      if (isLive) {
        clear();
        source = lines;
        draw();
        return;
      }
      const text = (typeof lines === "function" ? lines(usualColumns) : lines).join(" · ");
      if (text === last || nowMs() - loggedAt < logEveryMs) return;
      write(stderr, text);
      last = text;
      loggedAt = nowMs();
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
    get columns() {
      return findColumns(stdout) ?? usualColumns;
    },
  };
  return terminal;
}

/** How wide a stream's terminal is; for a pipe what `COLUMNS` says, else its lines stay as they are. */
function findColumns(stream: NodeJS.WriteStream): number | undefined {
  if (stream.isTTY && stream.columns > 0) return stream.columns;
  const given = Number(process.env["COLUMNS"]);
  return Number.isInteger(given) && given >= 20 ? given : undefined;
}
