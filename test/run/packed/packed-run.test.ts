import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunOptions, type RunOptions } from "../../../src/foundation/options/run-options.ts";
import { defineBatch, rows, runBatch } from "../../../src/index.ts";
import type { PlannedRun } from "../../../src/run/plan/plan-run.ts";
import { dropDraft, planRun } from "../../../src/run/plan/plan-run.ts";
import { type RequestInput, readRequest } from "../../../src/run/plan/read-request.ts";
import type { Session } from "../../../src/workspace/session.ts";
import { makeFolder } from "../../support/folder.ts";
import { writeGold } from "../../support/gold.ts";
import { openLocalRun } from "../../support/local-run.ts";
import { readResults, runToEnd } from "../../support/run-to-end.ts";

const faults = { drop: 0.02, double: 0.02, reorder: 0.02, merge: 0.02 };
const prompt = "Which topic has this message?\n\nMessage: {{text}}\nNumber {{id}}, {{row}}, and \\{{text}} as it is.";

async function open(count: number, more: Parameters<typeof writeGold>[2] = {}) {
  const files = writeGold(makeFolder(), count, more);
  const local = await openLocalRun({ modelBehaviour: files.behaviour });
  const input: RequestInput = { first: files.table, prompt, model: "nova-micro", output: files.schema };
  return { ...local, ...files, input };
}

const plan = async (session: Session, input: RequestInput, options: Partial<RunOptions> = {}): Promise<PlannedRun> =>
  planRun(session, await readRequest(input, { ...parseRunOptions({}, "test"), ...options }));

const prefix = { answerPrefix: "a_" };

describe("a packed run", () => {
  it("gives every row its own answer, whatever of the packs is lost, and the columns add up to what was paid", async () => {
    const { session, input } = await open(3000, { packed: faults, seed: 3 });
    const finished = await runToEnd(session, input, { pack: 25, ...prefix });
    const { summary, plan: planned, shards } = finished;
    expect(planned).toMatchObject({ recordCount: 3000, pack: { rowsPerRequest: 25, asked: 25, requestCount: 120 } });
    expect(summary.outcomeCounts.answered).toBe(3000);
    const [sums] = await readResults(
      finished,
      "SELECT count(*) FILTER (label = a_label) AS own, sum(a_halfprice_cost_usd) AS usd, sum(a_halfprice_input_tokens) AS i, sum(a_halfprice_output_tokens) AS o FROM results",
    );
    expect(Number(sums?.["own"])).toBe(3000);
    expect(Number(sums?.["usd"])).toBeCloseTo(summary.paidUsd ?? 0, 9);
    expect({ inputTokens: Number(sums?.["i"]), outputTokens: Number(sums?.["o"]) }).toEqual(summary.usage);
    const counted = shards.map(({ attempt }) => JSON.parse(attempt?.manifest ?? "{}") as Record<string, number>);
    const total = (name: string): number => counted.reduce((sum, each) => sum + (each[name] ?? 0), 0);
    expect(total("inputTokenCount")).toBe(summary.usage.inputTokens);
    expect(total("outputTokenCount")).toBe(summary.usage.outputTokens);
    expect(summary.discrepancies).toEqual([]);
    expect(summary.money?.parts.map(({ kind }) => kind)).toEqual(["batch", "retry"]);
    expect(existsSync(join(finished.paths.directory, "unpacked"))).toBe(false);
  });

  it("keeps answers under the names that the rows have alone: neither form pays for what the other has", async () => {
    const { session, input } = await open(1200);
    const alone = await plan(session, input, prefix);
    const first = await runToEnd(session, input, { pack: 10, limit: 1000, ...prefix });
    const known = await readResults(first, "SELECT a_halfprice_record_id AS id FROM results ORDER BY id::INTEGER");
    const single = await plan(session, input, prefix);
    expect(single.plan).toMatchObject({ recordCount: 200, earlier: { requestCount: 1000 } });
    const second = await runToEnd(session, input, { limit: 1100, ...prefix });
    expect(second.plan.recordCount).toBe(100);
    const third = await runToEnd(session, input, { pack: 10, belowMinimum: "on-demand", ...prefix });
    expect(third.plan).toMatchObject({
      recordCount: 100,
      pack: { requestCount: 100 },
      earlier: { requestCount: 1100 },
    });
    expect(third.summary.outcomeCounts.answered).toBe(1200);
    const nothing = await runToEnd(session, input, { pack: 10, ...prefix });
    expect(nothing.plan).toMatchObject({ recordCount: 0, pack: { requestCount: 0 } });
    expect(nothing.summary.outcomeCounts.answered).toBe(1200);
    for (const each of [alone, single]) dropDraft(each);
    expect(new Set(known.map(({ id }) => id)).size).toBe(1000);
  });

  it("asks equal rows once, leaves blank ones out, and splits packs by bytes", async () => {
    const { session } = await openLocalRun();
    const long = "word ".repeat(12_000);
    const table = Array.from({ length: 2400 }, (_, at) => ({
      text:
        at % 100 === 0
          ? " "
          : at % 100 < 20
            ? `same ${at % 20}`
            : at % 400 >= 50 && at % 400 < 54
              ? `${long}${at}`
              : `text ${at}`,
    }));
    const spec = defineBatch({
      input: rows(table),
      model: "claude-haiku-4.5",
      maxTokens: 50,
      shared: "Say it again.",
      prompt: (row) => (row.text === " " ? null : row.text),
    });
    const run = await runBatch(spec, {
      workspace: session.config.workspace,
      endpointUrl: session.config.endpointUrl ?? "",
      region: "us-east-1",
      bucket: session.config.bucket ?? "",
      role: session.config.roleArn ?? "",
      aws: { credentials: { accessKeyId: "local", secretAccessKey: "local" } },
      pack: 10,
    });
    expect(run.outcomes).toMatchObject({ answered: 2376, skipped: 24 });
    expect(run.recordCount).toBe(19 + 2400 * 0.8);
    const lines = readFileSync(join(run.files.results, "..", "input", "packs.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeGreaterThan(194);
    for (const line of lines) {
      expect(line.length).toBeLessThan(140_000);
      expect(line.split("Say it again.").length).toBe(2);
    }
  });

  it("takes fewer rows where the model's limit of output, or the least of a job, leaves no room", async () => {
    const { session, input } = await open(1200);
    const free = { ...input };
    delete (free as { output?: string }).output;
    const byOutput = await plan(session, free, { pack: 25, ...prefix });
    expect(byOutput.plan.pack).toMatchObject({ rowsPerRequest: 9, asked: 25 });
    expect(byOutput.plan.pack?.notes.join(" ")).toMatch(
      /gives at most 10,000 tokens in one answer, room for 9 of these rows/,
    );
    const byMinimum = await plan(session, input, { pack: 25, ...prefix });
    expect(byMinimum.plan.pack).toMatchObject({ rowsPerRequest: 12, requestCount: 100 });
    const none = await runToEnd(session, input, { pack: 25, limit: 150, ...prefix });
    expect(none.plan.pack).toMatchObject({ rowsPerRequest: 1, requestCount: 150 });
    expect(none.summary.outcomeCounts.answered).toBe(150);
    for (const each of [byOutput, byMinimum]) dropDraft(each);
  });

  it.each([
    ["a prompt without a cell", { prompt: "Say something" }, /uses no column/],
    ["vectors", { model: "titan-embed-text-v2", output: undefined }, /embedding model/],
    ["several answers of a row", { answersPerRow: 2 }, /--answers/],
  ])("is refused by name: %s", async (_, { answersPerRow, ...more }: Record<string, unknown>, words) => {
    const { session, input } = await open(200);
    const options = answersPerRow === undefined ? {} : { answersPerRow: Number(answersPerRow) };
    const wanted = Object.fromEntries(Object.entries({ ...input, ...more }).filter(([, value]) => value !== undefined));
    const planned = plan(session, wanted as unknown as RequestInput, { pack: 5, ...prefix, ...options });
    await expect(planned).rejects.toMatchObject({ code: "PACK_REFUSED" });
    await expect(planned).rejects.toThrow(words);
  });

  it("needs a prompt function to say what rows share, and a schema that an item can have", async () => {
    const { session } = await openLocalRun();
    const place = {
      workspace: session.config.workspace,
      endpointUrl: session.config.endpointUrl ?? "",
      region: "us-east-1",
    };
    const options = { ...place, aws: { credentials: { accessKeyId: "local", secretAccessKey: "local" } }, pack: 5 };
    const base = { input: rows([{ text: "a" }]), model: "claude-haiku-4.5" };
    const asked = runBatch(defineBatch({ ...base, prompt: ({ text }) => `Repeat ${text}` }), options);
    await expect(asked).rejects.toThrow(/does not say which part all rows share: add shared/);
    const output = { type: "object", properties: { a: { $ref: "#/properties/b" }, b: { type: "string" } } };
    await expect(runBatch(defineBatch({ ...base, output, prompt: "Repeat {{text}}" }), options)).rejects.toThrow(
      /points to #\/properties\/b/,
    );
  });
});
