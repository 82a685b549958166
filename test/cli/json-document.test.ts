import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

type Json = Readonly<Record<string, unknown>>;

/** What stands on stdout, which has to be one document. */
const documentOf = ({ stdout }: CliResult): Json => JSON.parse(stdout) as Json;

const local = { kind: "local", accountId: "123456789012", region: "us-east-1" };

describe("--json is one document", () => {
  it("where a run ends with an error: the error is a member beside the summary", async () => {
    const folder = openCase("json-two-documents");
    const server = await startLocal({
      speed: 6000,
      seed: 1,
      quotas: ["min-records=1"],
      faults: join(folder, "faults.json"),
    });
    onTestFinished(() => server.close());
    const { place } = await placeOn(server);
    const asked = ["--prompt", "S: {{text}}", "--model", "claude-haiku-4.5", ...place];
    const ran = await runCli(["run", "t.csv", ...asked, "--yes", "-o", "out.csv", "--json"], folder, { ...server.env });
    expect(ran.code).toBe(4);
    expect(documentOf(ran)).toMatchObject({
      state: "done",
      origin: { kind: "local" },
      paidUsd: 0,
      wouldCostUsd: expect.any(Number),
      error: { code: "MISSING_ANSWERS", fix: expect.any(String) },
    });
    const id = documentOf(ran)["runId"] as string;
    // The same in the commands that come back to it.
    for (const command of ["resume", "collect", "stop"]) {
      const again = await runCli([command, id, "--json"], folder, { ...server.env });
      expect(documentOf(again)).toMatchObject({ runId: id, origin: { kind: "local" }, paidUsd: 0 });
    }
  });

  it.each<[string, string[], number, Json]>([
    ["an option that there is not", ["plan", "t.csv", "--nope"], 2, { error: { code: "BAD_OPTIONS" } }],
    ["a command that there is not", ["plon", "t.csv"], 2, { error: { code: "BAD_OPTIONS" } }],
    [
      "a table that there is not",
      ["plan", "no.csv", "--prompt", "{{a}}", ...localArgs],
      2,
      { origin: { kind: "local", accountId: null, region: "us-east-1" }, error: { code: "NO_SUCH_FILE" } },
    ],
    [
      "too few records",
      ["plan", "t.csv", "--prompt", "{{text}}", "--model", "claude-haiku-4.5", "--local"],
      2,
      { origin: local, paidUsd: 0, rowCount: 2, error: { code: "TOO_FEW_RECORDS" } },
    ],
    [
      "too few records in a run",
      ["run", "t.csv", "--prompt", "{{text}}", "--model", "claude-haiku-4.5", "--local"],
      2,
      { origin: local, error: { code: "TOO_FEW_RECORDS" } },
    ],
    [
      "a table that there is not, on AWS",
      ["plan", "no.csv", "--prompt", "{{a}}", "--region", "eu-west-1"],
      2,
      { origin: { kind: "aws", accountId: null, region: "eu-west-1" }, error: { code: "NO_SUCH_FILE" } },
    ],
    ["a run that there is not", ["show", "none"], 2, { error: { code: "UNKNOWN_RUN" } }],
    ["a message that nobody knows", ["explain", "\u001b[2J zzz"], 2, { error: { code: "UNKNOWN_MESSAGE" } }],
    ["nothing to clean", ["clean", "--local", "--plan"], 0, { runs: [] }],
    ["no runs", ["runs"], 0, { runs: [], totals: [] }],
  ])("for %s", async (_name, args, code, has) => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n2,b\n");
    const result = await runCli([...args, "--json"], folder);
    expect([result.code, documentOf(result)]).toEqual([code, expect.objectContaining({})]);
    expect(documentOf(result)).toMatchObject(has);
  });

  it("in which nothing is paid on the local service, and what it would cost has a name of its own", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n2,b\n3,a\n");
    const asked = ["t.csv", "--prompt", "Say: {{text}}", ...localArgs];
    const cost = { paidUsd: 0, wouldCostUsd: expect.any(Number) };
    const ran = documentOf(await runCli(["run", ...asked, "--name", "r", "-o", "o.csv", "--json"], folder));
    const money = {
      ...cost,
      savedByOnceUsd: 0,
      wouldSaveByOnceUsd: expect.any(Number),
      parts: [{ usd: 0, wouldCostUsd: expect.any(Number) }],
    };
    expect(ran).toMatchObject({ origin: local, ...cost, money });
    expect(ran["wouldCostUsd"]).toBeGreaterThan(0);
    const shown = documentOf(await runCli(["show", "r", "--json"], folder));
    expect(shown).toMatchObject({ origin: local, ...cost, row: { ...cost, summary: { ...cost, money } } });
    const listed = documentOf(await runCli(["runs", "--json"], folder));
    expect(listed).toMatchObject({ runs: [{ origin: local, ...cost }], totals: [{ kind: "local", money: cost }] });
    const planned = documentOf(await runCli(["plan", ...asked, "--full-refresh", "--json"], folder));
    expect(planned).toMatchObject({ origin: local, paidUsd: 0, costUsd: { expected: expect.any(Number) } });
    const tried = documentOf(await runCli(["try", ...asked.slice(0, 5), "--local", "--json"], folder));
    expect(tried).toMatchObject({ origin: local, ...cost });
    expect(readFileSync(join(folder, "o.csv"), "utf8")).toContain("_halfprice_cost_usd");
  });
});
