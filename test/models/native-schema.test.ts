import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { findModelOfAlias } from "../../src/models/catalogue.ts";
import { findNativeProblems, toNativeSchema } from "../../src/models/rules/native-schema.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const strict = {
  type: "object",
  properties: {
    mood: { type: "string", enum: ["good", "bad"], minLength: 3, pattern: "^[a-z]+$" },
    score: { type: "integer", minimum: 1, maximum: 5, multipleOf: 1, description: "from 1 to 5" },
    tags: {
      type: "array",
      items: { type: "string", format: "iso-thing" },
      minItems: 2,
      maxItems: 3,
      uniqueItems: true,
    },
    at: { type: "string", format: "date" },
  },
  required: ["mood"],
  additionalProperties: true,
};

describe("the schema that the service is told", () => {
  it("has nothing that it does not take, and closed objects; the schema itself stays as it is", () => {
    const before = JSON.stringify(strict);
    expect(toNativeSchema(strict)).toEqual({
      type: "object",
      properties: {
        mood: { type: "string", enum: ["good", "bad"] },
        score: { type: "integer", description: "from 1 to 5" },
        tags: { type: "array", items: { type: "string" } },
        at: { type: "string", format: "date" },
      },
      required: ["mood"],
      additionalProperties: false,
    });
    expect(JSON.stringify(strict)).toBe(before);
    expect(toNativeSchema({ oneOf: [{ type: "string", maxLength: 3 }, { type: "null" }] })).toEqual({
      anyOf: [{ type: "string" }, { type: "null" }],
    });
  });

  it("cannot refer to itself or to another document", () => {
    const recursive = {
      type: "object",
      properties: { next: { $ref: "#/$defs/n" } },
      $defs: { n: { properties: { next: { $ref: "#/$defs/n" } } } },
    };
    expect(findNativeProblems(recursive).join()).toContain("refers to itself");
    expect(findNativeProblems({ properties: { a: { $ref: "https://x.test/a.json" } } }).join()).toContain(
      "another document",
    );
    const shared = {
      properties: { a: { $ref: "#/$defs/t" }, b: { $ref: "#/$defs/t" } },
      $defs: { t: { type: "string" } },
    };
    expect(findNativeProblems(shared)).toEqual([]);
  });
});

describe("a run with native structured output", () => {
  it("checks here what the service was not told", async () => {
    const { folder, session } = await openLocalRun();
    const never = { type: "object", properties: { mood: { type: "string", minLength: 4000 } }, required: ["mood"] };
    const output = writeFile(folder, "schema.json", JSON.stringify(never));
    const input = {
      first: writeTexts(folder, 110),
      prompt: "{{text}}",
      output,
      model: "claude-haiku-4.5",
      structured: "native",
    };
    const finished = await runToEnd(session, input);
    expect(finished.summary.outcomeCounts.invalid).toBe(110);
    const [row] = await readResults(finished);
    expect(String(row?.["_halfprice_error"])).toMatch(/4000|fewer/);
  });

  it("is warned of where the model is known to refuse it, and stops after the first job that comes back with nothing else", async () => {
    const { folder, session } = await openLocalRun();
    const schema = { type: "object", properties: { mood: { type: "string" } }, required: ["mood"] };
    const output = writeFile(folder, "schema.json", JSON.stringify(schema));
    const input = {
      first: writeTexts(folder, 110),
      prompt: "{{text}}",
      output,
      model: "claude-opus-5",
      structured: "native",
    };
    const planned = await planRun(session, await readRequest(input, parseRunOptions({ maxTokens: "4000" }, "test")));
    expect(planned.plan.model.warnings?.join()).toContain(
      "refuse native structured output of Claude Opus 5 since 2026-08",
    );
    const error = await findFailure(() => runToEnd(session, input));
    expect([error.code, error.message]).toEqual([
      "STRUCTURED_REFUSED",
      expect.stringContaining("output_config.format: Extra inputs are not permitted"),
    ]);
    expect(error.fix).toContain("without --structured native");
  });

  it.each([
    ...["claude-opus-4.7", "claude-opus-4.8", "claude-opus-5", "claude-sonnet-5", "claude-haiku-4.5"].map(
      (alias) => [alias, "refused since 2026-08"] as const,
    ),
    ...["nova-micro", "llama-4-scout", "qwen3-vl-235b", "mistral-small"].map(
      (alias) => [alias, "not supported by its card"] as const,
    ),
    ...["claude-opus-4.6", "claude-sonnet-4.6", "gpt-oss-20b", "qwen3-32b"].map((alias) => [alias, "taken"] as const),
  ])("of %s is known to be %s", (alias, what) => {
    const { structuredRefused, structuredUnsupported } = findModelOfAlias(alias) ?? {};
    const known = {
      ...(structuredRefused === undefined ? {} : { refused: structuredRefused }),
      ...(structuredUnsupported === undefined ? {} : { unsupported: true }),
    };
    const wanted = what === "taken" ? {} : what.startsWith("refused") ? { refused: "2026-08" } : { unsupported: true };
    expect(known).toEqual(wanted);
  });

  it("is warned of where the card says that it is not supported", async () => {
    const { folder, session } = await openLocalRun();
    const schema = { type: "object", properties: { mood: { type: "string" } }, required: ["mood"] };
    const output = writeFile(folder, "schema.json", JSON.stringify(schema));
    const first = writeTexts(folder, 110);
    const input = { first, prompt: "{{text}}", output, model: "qwen3-vl-235b", structured: "native" };
    const { plan } = await planRun(session, await readRequest(input, parseRunOptions({}, "test")));
    expect(plan.model.warnings?.join()).toContain(
      "AWS's card of Qwen3 VL 235B says that structured outputs are not supported",
    );
  });

  it("sends no further job then, and stops those that are under way", async () => {
    const { folder, session } = await openLocalRun({ quotas: ["records-per-job=110", "jobs-in-flight=1"] });
    const schema = { type: "object", properties: { mood: { type: "string" } }, required: ["mood"] };
    const output = writeFile(folder, "schema.json", JSON.stringify(schema));
    const input = {
      ...{ first: writeTexts(folder, 440), prompt: "{{text}}", output, model: "claude-opus-5", structured: "native" },
    };
    const error = await findFailure(() => runToEnd(session, input));
    // Of four: the pass that fetched the first may have begun the next.
    expect(error.message).toMatch(/ended with (1 job|2 jobs); nothing more is sent/);
  });
});
