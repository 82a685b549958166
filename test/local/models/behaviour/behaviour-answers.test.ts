import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeBehaviourAnswers } from "../../../../src/local/models/behaviour/behaviour-answers.ts";
import { readBehaviour } from "../../../../src/local/models/behaviour/read-behaviour.ts";
import { findModel } from "../../../../src/local/models/catalogue.ts";
import type { ModelRequest, Reply } from "../../../../src/local/models/family.ts";

const folder = mkdtempSync(join(tmpdir(), "halfprice-behaviour-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 2000 }, (_, at) => ({
  text: `message "${at}", with\na second line ${at * 7}`,
  label: ["blue", "green", "red", "rare"][at % 4] ?? "",
}));
const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
writeFileSync(
  join(folder, "gold.csv"),
  `id,text,colour\r\n${rows.map(({ text, label }, at) => `${at},${quote(text)},${label}\r\n`).join("")}`,
);

const write = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};
const gold = { file: "gold.csv", text: "text", label: "colour" };
const nova = findModel("amazon.nova-micro-v1:0");
if (nova === undefined) throw new Error("the catalogue has no Nova Micro");

const ask = (text: string, schema?: unknown): ModelRequest => ({
  system: "",
  turns: [{ role: "user", text }],
  maxOutputTokens: 100_000,
  temperature: undefined,
  stopSequences: [],
  schema,
  tool: undefined,
});
const labelSchema = {
  type: "object",
  properties: { why: { type: "string" }, colour: { type: "string", enum: ["blue", "green", "red", "rare"] } },
  required: ["why", "colour"],
};
const packSchema = {
  type: "object",
  properties: {
    items: {
      type: "array",
      items: { type: "object", properties: { row: { type: "string" }, ...labelSchema.properties }, required: ["row"] },
    },
  },
};
const packOf = (from: number, count: number): string =>
  `Which colour?\n${rows
    .slice(from, from + count)
    .map(({ text }, at) => JSON.stringify({ row: `k${from + at}`, text }))
    .join("\n")}`;

async function open(more: object) {
  const models = { "nova-micro": { accuracy: 0.9, perClass: { rare: 0.4 } } };
  const answers = makeBehaviourAnswers(
    await readBehaviour(write("behaviour.json", { gold, models, seed: 7, ...more })),
  );
  const say = (text: string, schema?: unknown): string => (answers.reply(ask(text, schema), nova) as Reply).text;
  const items = (from: number, count: number): { row: string; colour: string }[] =>
    (JSON.parse(say(packOf(from, count), packSchema)) as { items: { row: string; colour: string }[] }).items;
  return { say, items };
}

const countFrom = (at: number, length: number): number => (at < 0 ? 0 : length - at);

describe("a described model", () => {
  it("is right as often as its file says, class by class, and the same every time", async () => {
    const { say } = await open({});
    const colours = rows.map(({ text }) => {
      const answer = say(`Which colour has this?\n\nMessage: ${text}\nAnswer in JSON.`, labelSchema);
      return (JSON.parse(answer) as { colour: string }).colour;
    });
    const share = (isCounted: (label: string) => boolean): number => {
      const own = rows.flatMap(({ label }, at) => (isCounted(label) ? [label === colours[at]] : []));
      return own.filter(Boolean).length / own.length;
    };
    expect(share((label) => label !== "rare")).toBeCloseTo(0.9, 1);
    expect(share((label) => label === "rare")).toBeCloseTo(0.4, 1);
    expect(say(`In other words: ${rows[3]?.text}`)).toBe(colours[3]);
  });

  it("answers a row of several as it answers it alone", async () => {
    const { say, items } = await open({});
    for (const [at, { row, colour }] of items(0, 500).entries()) {
      expect(row).toBe(`k${at}`);
      expect(colour).toBe(say(rows[at]?.text ?? ""));
    }
  });

  it.each(["drop", "double", "reorder", "exchange", "merge"] as const)(
    "has the fault %s at its rate",
    async (fault) => {
      const plain = (await open({})).items(0, 1000);
      const found = (await open({ packed: { [fault]: 0.1 } })).items(0, 1000);
      const keys = found.map(({ row }) => row);
      const numbers = keys.map((key) => Number(key.slice(1).split(",")[0]));
      const isKnown = new Set(plain.map(({ row }) => row));
      const counts = {
        drop: plain.length - keys.length,
        double: keys.length - plain.length,
        // What is moved comes last: from where the numbers fall.
        reorder: countFrom(
          numbers.findIndex((number, at) => number < (numbers[at - 1] ?? -1)),
          keys.length,
        ),
        exchange: found.filter(({ row, colour }, at) => row === `k${at}` && colour !== plain[at]?.colour).length,
        merge: keys.filter((key) => !isKnown.has(key)).length,
      };
      // Some exchanged contents are the same.
      const [low, high] = fault === "exchange" ? [40, 110] : [65, 135];
      expect(counts[fault]).toBeGreaterThan(low);
      expect(counts[fault]).toBeLessThan(high);
      for (const [other, count] of Object.entries(counts))
        if (other !== fault && fault !== "reorder" && fault !== "merge" && other !== "reorder")
          expect(count).toBeLessThanOrEqual(0);
    },
  );

  it("leaves what is no row of its table to the simulation", async () => {
    const { say } = await open({});
    expect(say("Tell me about the sea")).toMatch(/^This is a simulated answer/);
  });
});

describe("a file that describes no behaviour", () => {
  it.each([
    ["no JSON", "{", /it is no JSON/],
    ["another member", { gold, modells: {} }, /unknown member modells; it may have gold, models, packed, seed/],
    [
      "a rate above 1",
      { gold, models: { "nova-micro": { accuracy: 85 } } },
      /models.nova-micro.accuracy has to be a number from 0 to 1, not 85/,
    ],
    ["an unknown model", { gold, models: { "nova-mikro": { accuracy: 1 } } }, /models.nova-mikro is no model/],
    ["faults above 1", { gold, packed: { drop: 0.7, merge: 0.7 } }, /add up to 1.4/],
    ["no such table", { gold: { ...gold, file: "none.csv" } }, /gold.file none.csv: it cannot be read \(ENOENT\)/],
    [
      "no such column",
      { gold: { ...gold, label: "color" } },
      /it has no column color; its columns are id, text, colour/,
    ],
  ])("is refused by its path and the reason: %s", async (_, value, reason) => {
    const path = write("bad.json", value);
    await expect(readBehaviour(path)).rejects.toMatchObject({ name: "ModelBehaviourError", path });
    await expect(readBehaviour(path)).rejects.toThrow(reason);
  });
});
