import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const options = ["--model", "claude-haiku-4.5", "--local", "--below-minimum", "on-demand", "--yes"];

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});

const inZone = (zone: string, ...args: string[]): Promise<CliResult> => runCli(args, folder, { TZ: zone });

async function writeEvents(): Promise<void> {
  const engine = await openTestEngine(folder);
  await engine.run(`
    COPY (SELECT i AS id, TIMESTAMPTZ '2026-07-01 09:30:00+00' + to_hours(i * 700) AS at, [TIMESTAMPTZ '2026-01-01 00:00:00+00'] AS all_at
      FROM range(5) t(i)) TO '${join(folder, "events.parquet")}' (FORMAT parquet)`);
}

/** The ids of a run's records, and how many requests it sent. */
async function idsOf(
  zone: string,
  name: string,
  ...more: string[]
): Promise<{ ids: string[]; sent: number; prompts: string }> {
  const output = `${name}.jsonl`;
  const { code, stdout, stderr } = await inZone(
    zone,
    "run",
    ...more,
    ...options,
    "--name",
    name,
    "-o",
    output,
    "--json",
  );
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const lines = readFileSync(join(folder, output), "utf8").trim().split("\n");
  const ids = lines.map((line) => (JSON.parse(line) as { _halfprice_record_id: string })._halfprice_record_id);
  return { ids, sent: (JSON.parse(stdout) as { recordCount: number }).recordCount, prompts: lines.join("\n") };
}

const prompt = ["--prompt", "When is {{at}}, and {{all_at}}?"];

describe("a record's id", () => {
  it("is the same in every time zone: timestamps with a zone are written in UTC, in the output too", async () => {
    await writeEvents();
    const tokyo = await idsOf("Asia/Tokyo", "tokyo", "events.parquet", ...prompt);
    const york = await idsOf("America/New_York", "york", "events.parquet", ...prompt, "--full-refresh");
    expect(york.ids).toEqual(tokyo.ids);
    for (const { prompts } of [york, tokyo]) expect(prompts).toContain('"at":"2026-07-01 09:30:00+00"');
    expect([tokyo.sent, york.sent]).toEqual([5, 5]);
  });

  it("is the same whatever line ends a prompt file has", async () => {
    writeFile(folder, "t.csv", "text\na\nb\n");
    const text = "---\nmodel: claude-haiku-4.5\nsystem: |\n  Be\n  short.\n---\nFirst line\n\nthen {{text}}\n";
    writeFile(folder, "lf.md", text);
    writeFile(folder, "crlf.md", text.replaceAll("\n", "\r\n"));
    writeFile(folder, "cr.md", text.replaceAll("\n", "\r"));
    const [lf, crlf, cr] = [
      await idsOf("UTC", "lf", "t.csv", "lf.md"),
      await idsOf("UTC", "crlf", "t.csv", "crlf.md"),
      await idsOf("UTC", "cr", "t.csv", "cr.md"),
    ];
    expect(crlf.ids).toEqual(lf.ids);
    expect(cr.ids).toEqual(lf.ids);
    // What the first one has answered serves the others.
    expect([lf.sent, crlf.sent, cr.sent]).toEqual([2, 0, 0]);
  });

  it("follows --timezone where one is given, and an unknown one is refused with the nearest", async () => {
    await writeEvents();
    const berlin = await idsOf(
      "America/New_York",
      "berlin",
      "events.parquet",
      ...prompt,
      "--timezone",
      "europe/berlin",
    );
    expect(berlin.prompts).toContain("11:30:00+02");
    const wrong = await inZone("UTC", "plan", "events.parquet", ...prompt, ...options, "--timezone", "Europe/Berlim");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("the nearest is Europe/Berlin")]);
  });
});

describe("answers that were paid for under the id of an older version", () => {
  it("are found: timestamps in the machine's zone", async () => {
    await writeEvents();
    // As a version that rendered in the machine's zone did it in New York.
    const former = await idsOf("UTC", "former", "events.parquet", ...prompt, "--timezone", "America/New_York");
    const now = await idsOf("America/New_York", "now", "events.parquet", ...prompt);
    expect([former.sent, now.sent]).toEqual([5, 0]);
    expect(now.ids).not.toEqual(former.ids);
    // On another machine they are other requests.
    const elsewhere = await idsOf("Asia/Tokyo", "elsewhere", "events.parquet", ...prompt, "--full-refresh");
    expect(elsewhere.sent).toBe(5);
  });

  it("are found: the line ends of a prompt file", async () => {
    writeFile(folder, "t.csv", "text\na\nb\n");
    const crlf = "First line\r\nthen {{text}}";
    const former = await idsOf("UTC", "former", "t.csv", "--prompt", crlf);
    writeFile(folder, "crlf.md", crlf);
    const now = await idsOf("UTC", "now", "t.csv", "crlf.md");
    expect([former.sent, now.sent]).toEqual([2, 0]);
    expect(now.ids).not.toEqual(former.ids);
    writeFile(folder, "lf.md", crlf.replaceAll("\r\n", "\n"));
    expect((await idsOf("UTC", "again", "t.csv", "lf.md")).ids).toEqual(now.ids);
  });
});
