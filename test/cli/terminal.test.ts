import xterm from "@xterm/headless";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTerminal } from "../../src/cli/terminal.ts";

/** A screen on which stderr is drawn; the shell's line stands above what is live. */
const screen = new xterm.Terminal({ cols: 100, rows: 24, allowProposedApi: true, convertEol: true });
const written = (text: string): Promise<void> => new Promise((resolve) => screen.write(text, resolve));

/** The lines of the screen as they stand there, without the empty ones at its end. */
function linesOf(): string[] {
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? "");
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** What a person does who changes the size of the window. */
async function resize(columns: number): Promise<void> {
  await written("");
  screen.resize(columns, 24);
  Object.assign(process.stderr, { columns });
  process.stderr.emit("resize");
  await written("");
}

describe("live lines on a terminal", () => {
  const own = { isTTY: process.stderr.isTTY, columns: process.stderr.columns };

  beforeEach(() => {
    screen.reset();
    screen.resize(100, 24);
    Object.assign(process.stderr, { isTTY: true, columns: 100 });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      screen.write(String(text));
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    process.stderr.removeAllListeners("resize");
    Object.assign(process.stderr, own);
  });

  it("are drawn again when the window gets narrower and wider: nothing of the old ones stays", async () => {
    const terminal = openTerminal({ isQuiet: false });
    await written("$ halfprice run\n");
    const block = (width: number): string[] => [`width ${width} ${"█".repeat(Math.max(0, width - 12))}`, "名前 0 of 3"];
    terminal.live(block);
    await resize(60);
    expect(linesOf()).toEqual(["$ halfprice run", ...block(59)]);
    await resize(30);
    expect(linesOf()).toEqual(["$ halfprice run", ...block(29)]);
    await resize(100);
    expect(linesOf()).toEqual(["$ halfprice run", ...block(99)]);
    terminal.note("one note");
    await written("");
    expect(linesOf()).toEqual(["$ halfprice run", "one note", ...block(99)]);
    terminal.endLive(false);
    await written("");
    expect(linesOf()).toEqual(["$ halfprice run", "one note"]);
    // What has ended is not drawn again.
    await resize(60);
    expect(linesOf()).toEqual(["$ halfprice run", "one note"]);
  });

  it("that are fixed texts are wrapped at words, wide characters counted as two", async () => {
    const terminal = openTerminal({ isQuiet: false });
    const words = Array.from({ length: 20 }, (_, at) => `語${at}`).join(" ");
    terminal.live([words]);
    await resize(40);
    const lines = linesOf();
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.map((line) => line.trim()).join(" ")).toBe(words);
  });
});
