import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkSavedPlan, findSavedPlan, savePlan } from "../../src/cli/saved-plan.ts";
import { parseRunOptions, type RunOptions } from "../../src/foundation/options/run-options.ts";
import type { BatchPlan } from "../../src/index.ts";
import { toBatchPlan } from "../../src/library/batch-plan.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { type RequestInput, readRequest } from "../../src/run/plan/read-request.ts";
import { type Session } from "../../src/workspace/session.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";
import { runToEnd } from "../support/run-to-end.ts";

const prompt = { prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };

async function plan(session: Session, input: RequestInput, options: Partial<RunOptions> = {}): Promise<BatchPlan> {
  const request = await readRequest(input, { ...parseRunOptions({}, "test"), ...options });
  return toBatchPlan(await planRun(session, request), request);
}

describe("a saved plan", () => {
  it("is what is done as long as nothing has changed, and says everything that has", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTexts(folder, 150);
    const path = join(folder, "plan.json");
    savePlan(path, { words: [first], flags: { ...prompt } }, await plan(session, { first, ...prompt }));
    const saved = findSavedPlan(path);
    if (saved === undefined) throw new Error("it is no saved plan");
    expect(saved.plan.recordCount).toBe(150);
    const check = async (input: Partial<RequestInput>, options: Partial<RunOptions> = {}): Promise<string[]> => {
      const planned = await plan(session, { first, ...prompt, ...input }, options);
      try {
        checkSavedPlan(path, saved, planned);
        return [];
      } catch (error) {
        return ((error as { details: { changes: string[] } }).details.changes ?? []).map(
          (each) => each.split(":")[0] ?? "",
        );
      }
    };
    expect(await check({})).toEqual([]);
    expect(await check({ prompt: "Say: {{text}}" })).toEqual(["prompt"]);
    expect(await check({ model: "nova-micro" })).toEqual(["model", "prices"]);
    expect(await check({}, { maxTokens: 7 })).toEqual(["parameters"]);
    expect(await check({}, { price: { inputUsd: 1, outputUsd: 2 } })).toEqual(["prices"]);
    expect(await check({}, { limit: 120 })).toEqual(["input", "requests to send"]);
    // Meanwhile another run has answered the half of it.
    await runToEnd(session, { first, ...prompt }, { limit: 110 });
    expect(await check({})).toEqual(["requests to send"]);
    appendFileSync(first, '"150","text number 150"\n');
    expect(await check({})).toEqual(["input", "requests to send"]);
  });

  it("of another account, region or quota is refused", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTexts(folder, 150);
    const path = join(folder, "plan.json");
    savePlan(path, { words: [first], flags: {} }, await plan(session, { first, ...prompt }));
    const other = await openLocalRun({ region: "us-west-2", quotas: ["min-records=50"] });
    const saved = findSavedPlan(path);
    if (saved === undefined) throw new Error("it is no saved plan");
    const planned = await plan(other.session, { first, ...prompt });
    const error = await findFailure(() => checkSavedPlan(path, saved, planned));
    expect(error.code).toBe("PLAN_CHANGED");
    expect(error.message).toMatch(/quotas: 100 to 100000 records .*, now 50 to 100000/);
    expect(error.message).toContain("origin: local service, us-east-1, now local service, us-west-2");
  });

  it("is made with plan --save, and done with run", async () => {
    const { folder } = await openLocalRun();
    const first = writeTexts(folder, 130);
    const options = ["--prompt", "Repeat: {{text}}", "--model", "claude-haiku-4.5"];
    const made = await runCli(["plan", "texts.csv", ...options, "--local", "--save", "plan.json"], folder);
    expect([made.code, made.stderr]).toEqual([0, expect.stringContaining("halfprice run plan.json")]);
    const file = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as { request: unknown };
    expect(file.request).toEqual({ words: ["texts.csv"], flags: { prompt: options[1], model: options[3] } });
    const done = await runCli(["run", "plan.json", "--local", "-o", "out.csv"], folder);
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("130 rows · 130 answered · 1 job")]);
    writeFile(folder, "texts.csv", `${readFileSync(first, "utf8")}"130","one more"\n`);
    const refused = await runCli(["run", "plan.json", "--local"], folder);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("error PLAN_CHANGED")]);
  });
});
