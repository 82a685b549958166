import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5", "--local", "--yes"];
const table = (count: number): string =>
  makeCsv(
    ["text"],
    Array.from({ length: count }, (_, index) => [`text ${index}`]),
  );

describe("halfprice watch", () => {
  it("shows a run that another process works on until it ends, and says what it came to", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table(150));
    const running = startCli(["run", "t.csv", ...prompt], folder);
    await running.waitFor(/arn:aws:bedrock/);
    const watched = await runCli(["watch"], folder);
    expect(watched.code, watched.stderr).toBe(0);
    expect(watched.stdout).toMatch(/150 rows · 150 answered/);
    expect(watched.stderr).toMatch(/of 150 records/);
    expect((await running.done).code).toBe(0);
  });

  it("prints how far a run is as one document", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table(120));
    await runCli(["run", "t.csv", ...prompt, "--name", "seen"], folder);
    const { stdout, code } = await runCli(["watch", "seen", "--json"], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "seen",
      state: "done",
      records: { done: 120, total: 120 },
      leftMs: 0,
    });
  });

  it("says that there is nothing to watch", async () => {
    const { code, stderr } = await runCli(["watch"], makeFolder());
    expect([code, stderr]).toEqual([2, expect.stringContaining("UNKNOWN_RUN")]);
  });
});

describe("the end of a run", () => {
  it("shows the answers with small bars, three rows, the money and what to do next, in 60 columns too", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table(120));
    const schema = {
      type: "object",
      properties: {
        mood: { type: "string", enum: ["good", "bad"] },
        sure: { type: "boolean" },
        score: { type: "number", minimum: 0, maximum: 1 },
      },
      required: ["mood", "sure", "score"],
    };
    writeFile(folder, "schema.json", JSON.stringify(schema));
    const { stdout, code } = await runCli(["run", "t.csv", ...prompt, "--schema", "schema.json"], folder, {
      COLUMNS: "60",
    });
    expect(code).toBe(0);
    for (const words of [
      /^mood$/m,
      /^ {2}good +\d+ +█+ +\d+ %$/m,
      /^sure$/m,
      /^score +[▁▂▃▄▅▆▇█ ]+ +0/m,
      /^Next +halfprice eval /m,
    ])
      expect(stdout).toMatch(words);
    expect(stdout.match(/^row \d+/gm)?.length).toBe(3);
    for (const line of stdout.split("\n"))
      expect(line.length <= 60 || !line.trim().includes(" ") || /\S{45,}/.test(line), line).toBe(true);
  });

  it("has a log of at most one line of progress a minute", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table(120));
    const { stderr } = await runCli(["run", "t.csv", ...prompt], folder);
    expect(stderr.match(/of 120 records/g)).toHaveLength(1);
    expect(stderr).not.toContain("\u001b");
  });
});
