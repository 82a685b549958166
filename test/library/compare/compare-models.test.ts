import { BedrockClient, ListModelInvocationJobsCommand } from "@aws-sdk/client-bedrock";
import { describe, expect, it } from "vitest";
import { readCompareRequest } from "../../../src/cli/compare/read-compare-request.ts";
import { type ComparisonPlan, compareModels, csv, defineBatch, type SessionOptions } from "../../../src/index.ts";
import type { ModelComparison } from "../../../src/library/compare/types.ts";
import { listRuns } from "../../../src/workspace/show-run.ts";
import { makeFolder, writeFile } from "../../support/folder.ts";
import { goldLabels, writeGold } from "../../support/gold.ts";
import { killAt, listPoints } from "../../support/kill-points.ts";
import { type LocalRun, openLocalRun } from "../../support/local-run.ts";
import { runToEnd } from "../../support/run-to-end.ts";

const prompt = (name: string): string =>
  `---\nmax_tokens: 40\noutput: schema.json\n---\n${name}: which topic has this message?\n\nMessage: {{text}}\n`;

/** What leads a program to the same service and workspace. */
function toOptions({ session, server }: Pick<LocalRun, "session" | "server">): SessionOptions {
  const { bucket = "", roleArn = "", workspace } = session.config;
  const aws = { credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  return { workspace, region: "us-east-1", bucket, role: roleArn, aws, endpointUrl: server.url };
}

async function open(models: object, count = 900) {
  const folder = makeFolder();
  const files = writeGold(folder, count, { models, seed: 11 });
  const paths = ["short.md", "long.md"].map((name) => writeFile(folder, name, prompt(name)));
  const local = await openLocalRun({ modelBehaviour: files.behaviour });
  const plans: ComparisonPlan[] = [];
  const compare = async (flags: Record<string, string>, isAllowed = true): Promise<ModelComparison> => {
    const { batch, options } = await readCompareRequest(files.table, paths[0], { answerPrefix: "a_", ...flags });
    const confirm = (plan: ComparisonPlan): boolean => {
      plans.push(plan);
      return isAllowed;
    };
    return compareModels(batch, { ...toOptions(local), ...options, confirm });
  };
  return { ...local, ...files, folder, prompts: paths, plans, compare };
}

const two = { "nova-micro": { accuracy: 0.8 }, "claude-haiku-4.5": { accuracy: 0.97 } };
const models = "claude-haiku-4.5,nova-micro";

describe("a comparison of models", () => {
  it("recommends the cheapest that is shown to be good enough, and a run over the table takes its answers", async () => {
    const { session, table, prompts, plans, compare } = await open(two);
    const found = await compare({ models, gold: "label", sample: "400", atLeast: "0.9" });
    expect(found).toMatchObject({ sample: 400, leftOut: 0, seed: 1, gold: "label" });
    expect(found.recommended).toMatchObject({ model: "claude-haiku-4.5", route: "batch", prompt: prompts[0] });
    expect(found.rowsNeeded).toBeUndefined();
    const [haiku, micro] = found.candidates;
    expect(haiku?.accuracy.value).toBeGreaterThan(0.94);
    expect(micro).toMatchObject({ model: "nova-micro", isGoodEnough: false, invalid: 0, truncated: 0 });
    const { batch = 0, onDemand = 0, packedBatch = 0 } = micro?.costPerMillionRowsUsd ?? {};
    expect(onDemand).toBeCloseTo(2 * batch, 9);
    expect(packedBatch).toBeLessThan(onDemand);
    expect(micro?.estimatedRoutes).toContain("packedBatch");
    expect(plans.map(({ rowCount, candidates }) => [rowCount, candidates.length])).toEqual([[400, 2]]);
    const input = { first: table, second: prompts[0] ?? "", model: "claude-haiku-4.5" };
    const whole = await runToEnd(session, input, { answerPrefix: "a_" });
    expect(whole.plan).toMatchObject({ recordCount: 500, earlier: { requestCount: 400 } });
    const again = await compare({ models, gold: "label", sample: "400", atLeast: "0.9" });
    expect(again.candidates.map(({ accuracy }) => accuracy)).toEqual(found.candidates.map(({ accuracy }) => accuracy));
    expect(again.costUsd).toBe(0);
    expect(plans.length).toBe(1);
  });

  it("says how many rows would settle it, and compares prompts, references and a judge", async () => {
    const { folder, prompts, compare } = await open({
      "nova-micro": { accuracy: 0.9 },
      "nova-lite": { accuracy: 0.9 },
    });
    const close = await compare({ models: "nova-micro,nova-lite", gold: "label", sample: "150", atLeast: "0.92" });
    expect(close.recommended).toBeNull();
    expect(close.reason).toMatch(/The sample is too small/);
    expect(close.rowsNeeded).toBeGreaterThan(1000);
    const both = await compare({ models: "nova-micro", prompts: prompts[1] ?? "", gold: "label", sample: "150" });
    expect(both.candidates.map(({ prompt }) => prompt)).toEqual(prompts);
    expect(both.recommended?.model).toBe("nova-micro");
    const agreed = await compare({ models: "nova-micro,nova-lite", reference: "nova-lite", sample: "150" });
    expect(agreed.candidates.map(({ isReference = false, accuracy }) => [isReference, accuracy.value === 1])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(agreed.recommended?.model).toBe("nova-lite");
    const judge = writeFile(folder, "rubric.md", "The topic is the message's.");
    const judged = await compare({
      models: "nova-micro,nova-lite",
      judge,
      judgeModel: "claude-haiku-4.5",
      sample: "120",
    });
    expect(judged.candidates).toHaveLength(2);
    expect(judged.sample + judged.leftOut).toBe(120);
  });

  it("leaves nothing behind where it is refused: by cost, by a no, or since the prompt shows what is right", async () => {
    const { compare, folder, table, ...local } = await open(two, 300);
    const { session } = local;
    const flags = { models, gold: "label", sample: "200" };
    await expect(compare({ ...flags, maxCost: "0.0001" })).rejects.toMatchObject({ code: "MAX_COST" });
    await expect(compare(flags, false)).rejects.toMatchObject({ code: "DECLINED" });
    const shown = writeFile(folder, "shown.md", "Is it {{label}}? {{text}}");
    const { batch, options } = await readCompareRequest(table, shown, { ...flags });
    await expect(compareModels(batch, { ...toOptions(local), ...options })).rejects.toThrow(
      /shows the model the column label/,
    );
    expect(await listRuns(session)).toEqual([]);
  });

  it("makes no job twice when it is killed and begun again", async () => {
    const flags = { models, gold: "label", sample: "200" };
    const jobsOf = async (url: string): Promise<number> => {
      const client = new BedrockClient({
        endpoint: url,
        region: "us-east-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      });
      const { invocationJobSummaries = [] } = await client.send(new ListModelInvocationJobsCommand({}));
      client.destroy();
      return invocationJobSummaries.length;
    };
    const whole = await open(two, 300);
    const points = await listPoints(() => whole.compare(flags));
    const isChosen = (point: string, at: number): boolean =>
      points.indexOf(point) === at &&
      /^(ledger: run not|ledger: shard submitted written|Bedrock CreateModelInvocationJob made|ledger: run done)/.test(
        point,
      );
    const chosen = points.flatMap((point, at) => (isChosen(point, at) ? [at] : []));
    expect(chosen.length).toBeGreaterThan(2);
    for (const at of chosen) {
      const { compare, server } = await open(two, 300);
      await killAt(at, () => compare(flags));
      const found = await compare(flags);
      expect(found.candidates.map(({ accuracy }) => accuracy.value)).not.toContain(null);
      expect(await jobsOf(server.url), points[at]).toBe(2);
    }
  }, 120_000);
});

describe("compareModels of the library", () => {
  it("compares a batch's models as the command does, and refuses what it cannot", async () => {
    const { session, table, server } = await open(two, 300);
    const batch = defineBatch({
      input: csv<{ text: string }>(table),
      model: "nova-micro",
      maxTokens: 40,
      output: { type: "object", properties: { topic: { enum: goldLabels } }, required: ["topic"] },
      prompt: "Which topic has this message?\n\nMessage: {{text}}",
    });
    const options = { ...toOptions({ session, server }), models: ["nova-micro", "claude-haiku-4.5"] };
    const asked: number[] = [];
    const confirm = ({ rowCount }: ComparisonPlan): boolean => asked.push(rowCount) > 0;
    const found = await compareModels(batch, {
      ...options,
      gold: "label",
      sample: { count: 200 },
      atLeast: 0.9,
      confirm,
    });
    expect(found).toMatchObject({ sample: 200, recommended: { model: "claude-haiku-4.5" } });
    expect(asked).toEqual([200]);
    await expect(compareModels(batch, { ...options, models: ["nova-micro"] })).rejects.toThrow(
      /models has to name at least two[\s\S]*one of gold, reference and judge/,
    );
  });
});

describe("the options of a comparison", () => {
  it("are refused by all their problems at once", async () => {
    const other = readCompareRequest("t.csv", "p.md", { atLeast: "88", match: "fuzzy", sample: "0" });
    await expect(other).rejects.toThrow(
      /--models is missing[\s\S]*what is right\?[\s\S]*--sample[\s\S]*--at-least[\s\S]*--match/,
    );
  });
});
