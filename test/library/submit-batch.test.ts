import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { collectRun, planBatch, readyBodies, rows, submitBatch } from "../../src/index.ts";
import { beginRun } from "../../src/library/begin-run.ts";
import { readBatch } from "../../src/library/read-batch.ts";
import { workOnRun } from "../../src/library/work-on-run.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";
import { openLocalRun } from "../support/local-run.ts";

let local: { workspace: string; local: true };

beforeEach(() => {
  local = { workspace: join(makeFolder(), ".halfprice"), local: true };
});

const body = (text: string) => JSON.stringify({ messages: [{ role: "user", content: [{ text }] }] });
const batch = {
  input: rows(
    ["a", "b", "a"].map((text, n) => ({ n, request: body(text) })),
    "bodies",
  ),
  model: "nova-lite",
  invocation: "converse" as const,
  prompt: readyBodies("request"),
};

describe("a batch of ready bodies", () => {
  it("is submitted without waiting, collected later, and has its answers as the service wrote them", async () => {
    const submitted = await submitBatch(batch, { ...local, belowMinimum: "on-demand" });
    expect(submitted).toMatchObject({ state: "prepared", recordCount: 2 });
    const run = await collectRun(submitted.id, local);
    expect(run).toMatchObject({ state: "done", outcomes: { answered: 3 } });
    const answers = [];
    for await (const answer of run.answers(["n"])) answers.push(answer);
    expect(new Set(answers.map(({ cells }) => cells["n"]))).toEqual(new Set([0, 1, 2]));
    for (const { body: text = "{}", outcome, error } of answers) {
      expect({ outcome, error }).toEqual({ outcome: "answered", error: null });
      expect(JSON.parse(text)).toMatchObject({ stopReason: "end_turn", output: { message: { role: "assistant" } } });
    }
  });

  it("has its answers as lines of JSON, all or some, and what a query makes of its table as lines of a file", async () => {
    const run = await collectRun((await submitBatch(batch, { ...local, belowMinimum: "on-demand" })).id, local);
    const read = async (where?: string) => {
      const blocks: Buffer[] = [];
      for await (const block of run.answerLines(["n"], where)) blocks.push(block);
      const lines = Buffer.concat(blocks).toString("utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line) as { row: number; cells: { n: number }; body: object | null });
    };
    const all = await read();
    expect(all.map(({ row, cells }) => row - cells.n)).toEqual([1, 1, 1]);
    expect(all[0]).toMatchObject({ outcome: "answered", error: null, body: { stopReason: "end_turn" } });
    expect((await read("n = 1")).map(({ row }) => row)).toEqual([2]);
    const path = join(makeFolder(), "lines.txt");
    await run.writeLines(`SELECT concat('"', n, '",it''s') FROM results ORDER BY n`, path);
    expect(readFileSync(path, "utf8")).toBe(`"0",it's\n"1",it's\n"2",it's\n`);
    const error = await findFailure(() => run.writeLines("SELECT nothing FROM results", path));
    expect(error).toMatchObject({ code: "BAD_QUERY" });
    const missing = join(makeFolder(), "none", "lines.txt");
    const noFolder = await findFailure(() => run.writeLines("SELECT 1 FROM results", missing));
    expect(noFolder).toMatchObject({ code: "BAD_OPTIONS" });
    expect(noFolder.message).toContain("there is no folder");
  });

  it("has a report where one is wanted, at its end or later", async () => {
    const options = { ...local, belowMinimum: "on-demand" as const };
    const run = await collectRun((await submitBatch(batch, { ...options, report: false })).id, local);
    expect(run.state).toBe("done");
    expect(existsSync(run.files.report)).toBe(false);
    await run.writeReport();
    expect(readFileSync(run.files.report, "utf8")).toContain("<!doctype html>");
    const other = await collectRun((await submitBatch({ ...batch, name: "reported" }, options)).id, local);
    expect(existsSync(other.files.report)).toBe(true);
  });

  it("that was begun without an output has its table as an object of S3, when whoever joins it asks for one", async () => {
    const { server, session } = await openLocalRun();
    const request = await readBatch(batch, { belowMinimum: "on-demand" }, "runBatch");
    const { runId } = await beginRun(session, request);
    await workOnRun(session, {}, runId, "follow", { output: "s3://test-bucket/joined.csv" });
    const written = await (await fetch(`${server.url}/test-bucket/joined.csv`)).text();
    expect(written.trim().split("\n")).toHaveLength(4);
  });

  it("says its system prompt and limits itself: the spec may not", async () => {
    const error = await findFailure(() => planBatch({ ...batch, system: "Be brief.", maxTokens: 5 }, local));
    expect(error).toMatchObject({ code: "BAD_SPEC" });
    expect(error.message).toContain("system is one too many");
    expect(error.message).toContain("maxTokens is one too many");
  });

  it("with tools goes on demand where it is told to, and is refused in batch", async () => {
    const tools = { tools: [{ toolSpec: { name: "f", inputSchema: { json: { type: "object" } } } }] };
    const request = JSON.stringify({ ...(JSON.parse(body("x")) as object), toolConfig: tools });
    const withTools = { ...batch, input: rows([{ n: 0, request }], "tools") };
    const refused = await findFailure(() => planBatch(withTools, local));
    expect(refused).toMatchObject({ code: "BAD_REQUESTS" });
    const plan = await planBatch(withTools, { ...local, route: "on-demand" });
    expect(plan.jobs).toMatchObject([{ lane: "on_demand", recordCount: 1 }]);
  });
});
