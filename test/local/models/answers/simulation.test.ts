import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { makeUnitVector } from "../../../../src/local/models/answers/embedding.ts";
import { answerSchema } from "../../../../src/local/models/answers/json-answer.ts";
import { findLabelSet, makeLabelSet } from "../../../../src/local/models/answers/labels.ts";
import { countAskTokens, simulateAnswer } from "../../../../src/local/models/answers/simulation.ts";
import type { ModelRequest } from "../../../../src/local/models/family.ts";
import { countTokens, takeTokens } from "../../../../src/local/models/tokens.ts";

const askOf = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: "",
  turns: [{ role: "user", text }],
  maxOutputTokens: 200,
  temperature: undefined,
  stopSequences: [],
  schema: undefined,
  tool: undefined,
  ...more,
});
const say = (text: string, more: Partial<ModelRequest> = {}): string => simulateAnswer(askOf(text, more)).text;

const labels = [
  "card_arrival",
  "card_linking",
  "lost_or_stolen_card",
  "exchange_rate",
  "top_up_failed",
  "verify_my_identity",
];
const schema = {
  type: "object",
  properties: { intent: { type: "string", enum: labels } },
  required: ["intent"],
  additionalProperties: false,
};

describe("a simulated text", () => {
  it("says what it is", () => {
    expect(say("Tell me about the sea")).toBe(
      'This is a simulated answer; no language model has read the request. Its text has 21 characters and begins: "Tell me about the sea"',
    );
  });

  it("ends at the limit of tokens, and at a stop sequence", () => {
    expect(simulateAnswer(askOf("Hi", { maxOutputTokens: 5 }))).toMatchObject({
      text: "This is a simulated ",
      reason: "length",
      outputTokens: 5,
    });
    expect(simulateAnswer(askOf("Hi", { stopSequences: ["answer"] }))).toMatchObject({
      text: "This is a simulated ",
      reason: "stop",
      stopSequence: "answer",
    });
  });
});

describe("an offered label", () => {
  const message = "My card was stolen in Paris, I lost it!";
  const prompts: readonly [string, string, Partial<ModelRequest>][] = [
    ["in a structured-output field", `Which intent?\nMessage: "${message}"`, { schema }],
    ["in a schema in the prompt", `Which intent?\n${JSON.stringify(schema)}\nMessage: "${message}"`, {}],
    ["in a schema in the system prompt", `Message: "${message}"`, { system: `Answer as ${JSON.stringify(schema)}` }],
    [
      "in both the prompt's list and the field",
      `Which of these intents does the message have? ${labels.join(", ")}\nMessage: "${message}"`,
      { schema },
    ],
    ["behind the message", `Message: "${message}"\nIntents:\n${labels.join("\n")}`, { schema }],
  ];
  it.each(prompts)("is the one that shares most words with the message: %s", (_, text, more) => {
    expect(JSON.parse(say(text, more))).toEqual({ intent: "lost_or_stolen_card" });
  });

  it("is answered bare where no JSON is asked", () => {
    expect(say(`Choose one of:\n${labels.map((label) => `- ${label}`).join("\n")}\n\nText: ${message}`)).toBe(
      "lost_or_stolen_card",
    );
    expect(say("Classify the review as positive, negative or neutral.\nReview: a negative surprise")).toBe("negative");
  });

  it("is the one for what fits nowhere when nothing fits, else any, always the same", () => {
    expect(makeLabelSet(["red", "other", "green"]).pick("nothing of the kind")).toBe("other");
    const set = makeLabelSet(["red", "green", "blue"]);
    expect(new Set(Array.from({ length: 20 }, () => set.pick("nothing of the kind"))).size).toBe(1);
  });

  it("is met by another form of its words", () => {
    expect(findLabelSet(labels).pick("When does it arrive? It should have arrived, my cards")).toBe("card_arrival");
    expect(findLabelSet(labels).pick("How do I verify identity")).toBe("verify_my_identity");
    expect(makeLabelSet(["CardArrival", "TopUp"]).pick("top")).toBe("TopUp");
  });
});

describe("JSON from a schema", () => {
  const shapes: readonly [string, z.ZodType][] = [
    [
      "text and numbers",
      z.object({
        name: z.string().min(3).max(10),
        age: z.number().int().min(18).max(99),
        score: z.number().gt(0).lt(1),
      }),
    ],
    [
      "lists",
      z.object({
        concerns: z.array(z.string()).min(2).max(4),
        none: z.array(z.number()).max(0),
        tags: z.array(z.enum(["a", "b", "c"])),
      }),
    ],
    [
      "choices",
      z.object({
        kind: z.enum(["x", "y"]),
        one: z.literal(7),
        maybe: z.string().nullable(),
        either: z.union([z.number(), z.string()]),
      }),
    ],
    [
      "nesting",
      z.object({
        rows: z
          .array(z.object({ id: z.number().int(), ok: z.boolean(), inner: z.object({ deep: z.string() }) }))
          .min(1),
      }),
    ],
    ["formats", z.object({ at: z.iso.datetime(), on: z.iso.date(), mail: z.email(), link: z.url(), id: z.uuid() })],
    ["tuples and maps", z.object({ pair: z.tuple([z.string(), z.number()]), map: z.record(z.string(), z.number()) })],
    ["steps", z.object({ step: z.number().multipleOf(5).min(10).max(30) })],
  ];
  it.each(shapes)("fits: %s", (_, shape) => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        expect(shape.safeParse(answerSchema(z.toJSONSchema(shape), { message })).error).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    "^[A-Z]{2}-\\d{4}$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^(low|medium|high)$",
    "^[^0-9]+$",
    "^#[0-9a-fA-F]{6}$",
    "^(?:\\+?\\d{1,3})?[ -]?\\(?\\d{3}\\)?$",
    "^\\w+@\\w+\\.com$",
    "^\\p{Lu}\\p{L}*$",
    "a|b",
    "^(ab){2,3}c?$",
    ".*",
  ])("fits the pattern %s", (pattern) => {
    expect(answerSchema({ type: "string", pattern }, { message: "any" })).toMatch(new RegExp(pattern, "u"));
    const long = answerSchema({ type: "string", pattern: "^[a-z]+$", minLength: 12 }, { message: "any" });
    expect(long).toMatch(/^[a-z]{12,}$/);
  });

  it("has items that differ where they must", () => {
    const rating = { type: "integer", minimum: 1, maximum: 5 };
    const rated = answerSchema({ type: "array", items: rating, minItems: 3, uniqueItems: true }, { message: "any" });
    expect(new Set(rated as number[]).size).toBe(3);
  });

  it("has no halves of signs", () => {
    const half = /[\ud800-\udbff](?![\udc00-\udfff])/;
    for (const maxLength of [20, 21, 22, 23]) {
      expect(answerSchema({ type: "string", maxLength }, { message: "😀".repeat(20) })).not.toMatch(half);
    }
    expect(say("😀".repeat(400))).not.toMatch(half);
  });

  it("fits a schema that refers to itself", () => {
    interface Node {
      name: string;
      children: Node[];
    }
    const node: z.ZodType<Node> = z.lazy(() => z.object({ name: z.string(), children: z.array(node) }));
    expect(node.safeParse(answerSchema(z.toJSONSchema(node), { message: "tree" })).success).toBe(true);
  });

  it("follows an example whose leaves are placeholders", () => {
    const text =
      'Answer with JSON like {"concerns": ["..."], "severity": "low|high", "count": 0}.\nResponse: a high risk';
    expect(JSON.parse(say(text))).toEqual({
      concerns: [expect.any(String)],
      severity: "high",
      count: expect.any(Number),
    });
  });

  it("takes data in a prompt for no example", () => {
    expect(say('Summarize as JSON this row: {"id": 12, "text": "The sea is calm"}')).toMatch(
      /^This is a simulated answer/,
    );
  });
});

describe("token counts", () => {
  it("grow with the text, and a beginning of it keeps within its limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), fc.nat(20), (a, b, limit) => {
        expect(countTokens(a + b)).toBeGreaterThanOrEqual(countTokens(a));
        expect(countTokens(a + b)).toBeLessThanOrEqual(countTokens(a) + countTokens(b));
        expect(countTokens(takeTokens(a, limit))).toBeLessThanOrEqual(limit);
        expect(a.startsWith(takeTokens(a, limit))).toBe(true);
      }),
    );
  });

  it("are one for a short word and for a few signs, more for a long word, and a few for what wraps a chat", () => {
    expect(countTokens("The card was lost, twice.")).toBe(7);
    expect(countTokens("internationalization")).toBe(4);
    expect(countTokens("2026 1234567")).toBe(5);
    expect(countTokens('["card_arrival","it\'s"]')).toBe(8);
    expect(countTokens("你好")).toBe(2);
    expect(countTokens("")).toBe(0);
    expect(countAskTokens(askOf("Hi"))).toBe(8);
  });
});

describe("a vector", () => {
  it("has length 1, is the same for the same text, and nearer for texts with words in common", () => {
    const dot = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    const card = makeUnitVector("my card has not arrived", 256);
    expect(dot(card, card)).toBeCloseTo(1, 6);
    expect(makeUnitVector("my card has not arrived", 256)).toEqual(card);
    expect(dot(card, makeUnitVector("when will the card arrive", 256))).toBeGreaterThan(0.4);
    expect(dot(card, makeUnitVector("exchange rates in euros", 256))).toBeLessThan(0.3);
    expect(dot(makeUnitVector("", 8), makeUnitVector("", 8))).toBeCloseTo(1, 6);
  });
});
