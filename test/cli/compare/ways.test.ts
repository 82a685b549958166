import { describe, expect, it } from "vitest";
import { makeFolder } from "../../support/folder.ts";
import { writeGold } from "../../support/gold.ts";
import { runCli } from "../../support/run-cli.ts";

const question = [
  "--prompt",
  "Topic? {{text}}",
  "--schema",
  "schema.json",
  "--max-tokens",
  "40",
  "--answer-prefix",
  "a_",
];

describe("a file of model behaviour", () => {
  it.each([
    ["halfprice local", ["local", "--port", "0", "--model-behaviour", "none.json"], {}],
    [
      "--local",
      ["plan", "gold.csv", ...question, "--model", "nova-micro", "--local"],
      { HALFPRICE_MODEL_BEHAVIOUR: "none.json" },
    ],
  ])("that is not there is named, with the reason: %s", async (_, words, env) => {
    const folder = makeFolder();
    writeGold(folder, 120);
    const { code, stderr } = await runCli(words, folder, env);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/MODEL_BEHAVIOUR\n.*none\.json cannot be used: it cannot be read \(ENOENT\)/),
    ]);
  });

  it("and answers of a real model exclude each other", async () => {
    const words = [
      "local",
      "--port",
      "0",
      "--model-behaviour",
      "b.json",
      "--answers",
      "openai:http://127.0.0.1:1/v1#m",
    ];
    const { code, stderr } = await runCli(words, makeFolder());
    expect([code, stderr]).toEqual([2, expect.stringContaining("--model-behaviour is for simulated answers")]);
  });
});

describe("rows that share requests, on the command line", () => {
  it("are planned, run and shown, in words and in JSON", { timeout: 60_000 }, async () => {
    const folder = makeFolder();
    const { behaviour } = writeGold(folder, 1000, { packed: { drop: 0.01 } });
    const env = { HALFPRICE_MODEL_BEHAVIOUR: behaviour };
    const words = ["gold.csv", ...question, "--model", "nova-micro", "--pack", "10", "--name", "packed", "--local"];
    const plan = await runCli(["plan", ...words], folder, env);
    expect(plan.stdout).toMatch(/Packed +100 requests of up to 10 rows/);
    expect(plan.stdout).toMatch(/Ways +\$0\.0026 {2}batch, up to 10 rows in a request: this plan/);
    expect(plan.stdout).toMatch(/about .* one row in a request: --pack 1/);
    const run = await runCli(["run", ...words, "--json"], folder, env);
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      state: "done",
      outcomeCounts: { answered: 1000 },
      pack: { rowsPerRequest: 10, asked: 10, requestCount: 100, notes: [] },
    });
    const shown = await runCli(["show", "packed"], folder);
    expect(shown.stdout).toMatch(/Packed +100 requests of up to 10 rows/);
    const bad = await runCli(["run", ...words.slice(0, -5), "--pack", "many", "--local"], folder, env);
    expect([bad.code, bad.stderr]).toEqual([
      2,
      expect.stringContaining('--pack is "many"; it has to be a whole number from 1 to 500, or auto'),
    ]);
  });
});

describe("a comparison, on the command line", () => {
  it("prints the figures, and its JSON has what it promises", { timeout: 60_000 }, async () => {
    const folder = makeFolder();
    const models = { "nova-micro": { accuracy: 0.7 }, "nova-lite": { accuracy: 1 } };
    const { behaviour } = writeGold(folder, 400, { models });
    const env = { HALFPRICE_MODEL_BEHAVIOUR: behaviour };
    const words = ["compare-models", "gold.csv", ...question, "--models", "nova-micro,nova-lite", "--gold", "label"];
    const said = await runCli([...words, "--sample", "200", "--local"], folder, env);
    expect(said.code, said.stderr).toBe(0);
    expect(said.stdout).toMatch(/200 rows at random, the same for each of 2 candidates/);
    expect(said.stdout).toMatch(
      /nova-lite, batch, --prompt\nThe cheapest that is shown to be within 2 points of the best: 100\.0 %/,
    );
    expect(said.stdout).toContain("The answers are simulated, not a model's.");
    const json = await runCli([...words, "--sample", "200", "--local", "--json"], folder, env);
    const found = JSON.parse(json.stdout) as Record<string, unknown>;
    expect(found).toMatchObject({
      sample: 200,
      candidates: [
        { model: "nova-micro", prompt: "--prompt", accuracy: {}, costPerMillionRowsUsd: {}, invalid: 0, truncated: 0 },
        { model: "nova-lite", accuracy: { value: 1, high: 1 }, isGoodEnough: true },
      ],
      recommended: { model: "nova-lite", prompt: "--prompt", route: "batch" },
      paidUsd: 0,
    });
    const [micro] = found["candidates"] as {
      inputTokens: number;
      outputTokens: number;
      costPerMillionRowsUsd: object;
    }[];
    expect(micro?.inputTokens).toBeGreaterThan(0);
    expect(Object.keys(micro?.costPerMillionRowsUsd ?? {})).toEqual([
      "batch",
      "onDemand",
      "packedBatch",
      "packedOnDemand",
    ]);
  });
});
