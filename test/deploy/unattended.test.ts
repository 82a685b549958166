import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type LocalOptions, startLocal } from "../../src/local/start-local.ts";
import { callBundle } from "../support/call-function.ts";
import { makeFolder } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";
import { writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5"];

/** People and a function with a workspace on S3, each on a machine of its own. */
async function openTeam(options: LocalOptions = {}) {
  const folder = makeFolder();
  const server = await startLocal({
    speed: 60_000,
    seed: 1,
    quotas: ["min-records=10", "records-per-job=10"],
    ...options,
  });
  onTestFinished(() => server.close());
  const { env } = await placeOn(server);
  const on = (machine: string): Record<string, string> => ({
    ...env,
    HALFPRICE_WORKSPACE: "s3://my-bucket/team",
    HALFPRICE_COPIES: join(folder, machine),
  });
  const table = writeTexts(folder, 40);
  return { folder, table, on, run: (machine: string, ...args: string[]) => runCli(args, folder, on(machine)) };
}

describe("a run that nobody watches", () => {
  it("is begun on one machine, worked on by the function, and its table is written on another", async () => {
    const { folder, table, on, run } = await openTeam({
      quotas: ["min-records=10", "records-per-job=10", "jobs-in-flight=2"],
    });
    const begun = await run(
      "anns",
      "run",
      table,
      ...prompt,
      "--unattended",
      "--yes",
      "--json",
      "-o",
      join(folder, "out.jsonl"),
    );
    expect(begun.code, begun.stderr).toBe(0);
    const { runId } = JSON.parse(begun.stdout) as { runId: string };
    expect(begun.stderr).toContain(`halfprice show ${runId}`);
    let last: Record<string, unknown> | undefined;
    for (let calls = 0; calls < 60 && last?.["state"] !== "ended"; calls += 1) {
      const { code, entries } = await callBundle(on("function"));
      expect(code).toBe(0);
      last = entries.find(({ kind }) => kind === "run");
    }
    expect(last).toMatchObject({ runId, state: "ended", shards: { ended: 4 } });
    const shown = await run("bobs", "show", runId, "--json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ shards: Array.from({ length: 4 }, () => ({ state: "ended" })) });
    const resumed = await run("bobs", "resume", runId);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(readFileSync(join(folder, "out.jsonl"), "utf8").trim().split("\n")).toHaveLength(40);
    expect((await callBundle(on("function"))).entries).toMatchObject([{ kind: "summary", runCount: 0 }, {}]);
  });

  it.each([
    [
      ["--workspace", ".halfprice"],
      "WORKSPACE_NOT_SHARED",
      "halfprice run --unattended works where nobody's machine has to be on",
    ],
    [["--local"], "BAD_OPTIONS", "--unattended and --local do not go together"],
    [["--notify", "desktop"], "BAD_OPTIONS", "--unattended and --notify do not go together"],
  ])("is refused with %j before anything is planned", async (more, code, words) => {
    const { table, run } = await openTeam();
    const refused = await run("anns", "run", table, ...prompt, "--unattended", "--yes", ...more);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(code);
    expect(refused.stderr).toContain(words);
  });
});

describe("a deadline", () => {
  it("is shown with the plan: when everything goes on demand, and what that may cost", async () => {
    const { table, run } = await openTeam();
    const { stdout, code } = await run("anns", "plan", table, ...prompt, "--deadline", "2099-12-01T07:00");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Deadline {3}2099-12-01 07:00: what no job has begun with goes on demand in time; all 40 records at 2099-12-01 06:44, for at most \$\S+ in all/,
    );
    const asJson = await run("anns", "plan", table, ...prompt, "--deadline", "2099-12-01T07:00Z", "--json");
    const { deadline, onDemandUsd } = JSON.parse(asJson.stdout) as { deadline: object; onDemandUsd: { high: number } };
    expect(deadline).toMatchObject({ atMs: Date.UTC(2099, 11, 1, 7), recordCount: 40, mostUsd: onDemandUsd.high });
  });

  it.each([
    [["--deadline", "tomorrow"], "BAD_OPTIONS", '--deadline is "tomorrow"; it has to be a time of day such as 07:00'],
    [["--deadline", "2020-01-01T07:00"], "BAD_OPTIONS", "which is past"],
  ])("of %j is refused", async (more, code, words) => {
    const { table, run } = await openTeam();
    const refused = await run("anns", "run", table, ...prompt, "--yes", ...more);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(code)]);
    expect(refused.stderr).toContain(words);
  });

  it("that even asking on demand would not meet is refused with the numbers", async () => {
    const { table, run } = await openTeam();
    const soon = new Date(Date.now() + 10 * 60_000).toISOString();
    const refused = await run("anns", "run", table, ...prompt, "--yes", "--deadline", soon);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("DEADLINE")]);
    expect(refused.stderr).toMatch(/is (9|10) minutes away; 40 records may need 15 minutes on demand/);
  });
});
