/**
 * What must not change by accident: record ids and the bytes that are sent, the engine's statements, JSON on stdout, help texts.
 * A commit that moves code changes none of these files; one that means to change them says so: `npx vitest run test/golden -u`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { afterEach, describe, expect, it, vi } from "vitest";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";

const commands = readdirSync(new URL("../../src/cli/commands/", import.meta.url)).map((file) =>
  file.replace(/\.ts$/, ""),
);

const golden = (name: string): string => `./files/${name}`;

describe("the help of every command", () => {
  it.each(["", ...commands])("halfprice %s --help", async (name) => {
    const { stdout } = await runCli([...(name === "" ? [] : [name]), "--help"], makeFolder());
    await expect(stdout).toMatchFileSnapshot(golden(`help/${name === "" ? "halfprice" : name}.txt`));
  });
});

const rows = [
  ["1", "plain", "2026-11-21"],
  ["2", 'quotes " and \\ and \t', ""],
  ["3", "line\nbreak", "x"],
  ["4", "é 漢 😀 \u2028", "y"],
  ["5", "", "z"],
  ["6", "plain", "2026-11-21"],
];
const csv = `id,text,when\n${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n")}\n`;
const schema = JSON.stringify({
  type: "object",
  properties: { mood: { type: "string", enum: ["good", "bad"] }, score: { type: "integer" } },
  required: ["mood"],
});

const promptFile = (model: string, more = ""): string =>
  `---\nmodel: ${model}\nmax_tokens: 50\n${more}---\nRow {{id}} of {{when}}: {{text}}\n\n{{row}}\n`;

/** One of each family, and each way of writing a request. */
const requests: Readonly<Record<string, { prompt: string; args?: readonly string[] }>> = {
  "claude-haiku-4.5": { prompt: promptFile("claude-haiku-4.5", "system: Be short.\ntemperature: 0\n") },
  "claude-haiku-4.5-schema": { prompt: promptFile("claude-haiku-4.5"), args: ["--schema", "schema.json"] },
  "claude-haiku-4.5-native": {
    prompt: promptFile("claude-haiku-4.5"),
    args: ["--schema", "schema.json", "--structured", "native"],
  },
  "claude-haiku-4.5-converse": { prompt: promptFile("claude-haiku-4.5"), args: ["--invocation", "converse"] },
  "claude-haiku-4.5-answers": { prompt: promptFile("claude-haiku-4.5"), args: ["--answers", "2"] },
  "nova-lite": { prompt: promptFile("nova-lite", "system: Be short.\n") },
  "llama-3.3-70b": { prompt: promptFile("llama-3.3-70b") },
  "mistral-large-3": { prompt: promptFile("mistral-large-3") },
  "gpt-oss-20b": { prompt: promptFile("gpt-oss-20b") },
  "titan-embed-text-v2": { prompt: "---\nmodel: titan-embed-text-v2\ndimensions: 256\n---\n{{text}}\n" },
  "nova-embed": { prompt: "---\nmodel: nova-embed\n---\n{{text}}\n" },
};

describe("the lines of a job's input, record ids included", () => {
  it.each(Object.entries(requests))("%s", async (name, { prompt, args = [] }) => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", csv);
    writeFile(folder, "schema.json", schema);
    writeFile(folder, "p.md", prompt);
    const planned = await runCli(["plan", "t.csv", "p.md", "--local", "--below-minimum", "on-demand", ...args], folder);
    expect([planned.code, planned.stderr]).toEqual([0, expect.any(String)]);
    const [run = ""] = readdirSync(join(folder, ".halfprice", "runs"));
    const lines = readFileSync(join(folder, ".halfprice", "runs", run, "records.jsonl"), "utf8");
    await expect(lines).toMatchFileSnapshot(golden(`lines/${name}.jsonl`));
  });
});

/** What differs each time: ids of runs and jobs, times, ports, folders, durations. */
const normalise = (text: string, folder: string): string =>
  text
    .replaceAll(folder, "FOLDER")
    .replace(/\d{8}-\d{6}-[0-9a-z]{5}/g, "RUN")
    .replace(/model-invocation-job\/[a-z0-9]{12}/g, "model-invocation-job/JOB")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\b1[78]\d{11}\b/g, "TIME")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME")
    // The catalogue grows old by itself.
    .replace(/\s*"warnings": \[\s*"The catalogue of models[^"]*"\s*\],/g, "")
    .replace(/\s*"The catalogue of models[^"]*",?/g, "")
    .replace(/("durationMs": ?)\d+/g, "$1MS")
    .replace(/[0-9a-f]{64}/g, "HASH");

describe("the JSON on stdout", () => {
  it("of plan, run, runs, show, try, models and explain", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", csv);
    writeFile(folder, "schema.json", schema);
    const asked = [
      "t.csv",
      "--prompt",
      "Mood of: {{text}}",
      "--model",
      "claude-haiku-4.5",
      "--schema",
      "schema.json",
      "--local",
    ];
    const sent = [...asked, "--below-minimum", "on-demand", "--yes"];
    const calls: Record<string, readonly string[]> = {
      try: ["try", ...asked, "--limit", "2"],
      plan: ["plan", ...sent],
      run: ["run", ...sent, "--name", "golden", "-o", "out.csv"],
      runs: ["runs"],
      show: ["show", "golden", "--local"],
      retry: ["retry", "golden", "--local", "--plan"],
      models: ["models", "--family", "titan-text-embeddings"],
      explain: ["explain", "Could not assume provided IAM role"],
      wrong: ["plan", "none.csv", "--prompt", "x"],
    };
    for (const [name, args] of Object.entries(calls)) {
      const { stdout } = await runCli([...args, "--json"], folder);
      await expect(normalise(stdout, folder)).toMatchFileSnapshot(golden(`json/${name}.json`));
    }
    await expect(readFileSync(join(folder, "out.csv"), "utf8")).toMatchFileSnapshot(golden("json/out.csv"));
  });
});

describe("the engine's statements", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("of a run from CSV to Parquet", async () => {
    const { folder, session } = await openLocalRun();
    const statements: string[] = [];
    for (const name of ["run", "runAndReadAll", "stream"] as const) {
      const original = DuckDBConnection.prototype[name] as (...args: unknown[]) => unknown;
      vi.spyOn(DuckDBConnection.prototype, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
        statements.push(String(args[0]));
        return original.apply(this, args);
      } as never);
    }
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "follow");
    await expect(`${normalise(statements.join(";\n\n"), folder)}\n`).toMatchFileSnapshot(golden("sql/run.sql"));
  });
});
