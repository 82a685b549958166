import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const schema = {
  type: "object",
  properties: { mood: { type: "string", enum: ["good", "bad"] }, parts: { type: "array", items: { type: "string" } } },
  required: ["mood", "parts"],
};

/** A body that was sent. */
function readSent({ paths }: FinishedRun): Record<string, unknown> {
  const input = join(paths.directory, "input");
  const [file = ""] = readdirSync(input).filter((name) => name.endsWith(".jsonl"));
  const [line = "{}"] = readFileSync(join(input, file), "utf8").split("\n");
  return (JSON.parse(line) as { modelInput: Record<string, unknown> }).modelInput;
}

describe("a schema", () => {
  it.each([
    ["claude-haiku-4.5", "model", ["output_config", "format", "schema"]],
    ["gpt-oss-20b", "model", ["response_format", "json_schema", "schema"]],
    ["nova-lite", "converse", ["outputConfig", "textFormat", "structure", "jsonSchema", "schema"]],
  ])(
    "goes into the request's own field of %s in the form %s where that is asked for",
    async (model, invocation, path) => {
      const { folder, session } = await openLocalRun();
      const output = writeFile(folder, "schema.json", JSON.stringify(schema));
      const input = { first: writeTexts(folder, 110), prompt: "Mood of: {{text}}", output, model, invocation };
      const finished = await runToEnd(session, { ...input, structured: "native" });
      const sent = readSent(finished);
      const found = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], sent);
      // The service wants closed objects.
      expect(typeof found === "string" ? JSON.parse(found) : found).toEqual({ ...schema, additionalProperties: false });
      expect(JSON.stringify(sent)).not.toContain("has to fit this JSON Schema");
      expect(finished.summary.outcomeCounts.answered).toBe(110);
      const [row] = await readResults(finished);
      expect(["good", "bad"]).toContain(row?.["mood"]);
      expect(row?.["parts"]).toHaveLength(1);
      const inWords = await planRun(session, await readRequest(input, parseRunOptions({}, "test")));
      expect(inWords.run.structured).toBe("prompt");
      expect(inWords.run.fingerprint).not.toBe(finished.run.fingerprint);
    },
  );

  it.each([
    ["llama-3.3-70b", /no native structured output/],
    ["nova-lite", /no native structured output/],
    ["titan-embed-text-v2", /`output` means nothing/],
  ])("that %s has no field for is refused", async (model, words) => {
    const { folder, session } = await openLocalRun();
    const output = writeFile(folder, "schema.json", JSON.stringify(schema));
    const input = { first: writeTexts(folder, 110), prompt: "{{text}}", output, model, structured: "native" };
    const error = await findFailure(async () =>
      planRun(session, await readRequest(input, parseRunOptions({}, "test"))),
    );
    expect([error.code, error.message]).toEqual(["REFUSED_PARAMETER", expect.stringMatching(words)]);
  });

  it("whose columns collide with the table's is refused", async () => {
    const { folder, session } = await openLocalRun();
    const output = writeFile(
      folder,
      "schema.json",
      JSON.stringify({ type: "object", properties: { Text: { type: "string" } } }),
    );
    const input = { first: writeTexts(folder, 110), prompt: "{{text}}", output, model: "nova-lite" };
    const error = await findFailure(async () =>
      planRun(session, await readRequest(input, parseRunOptions({}, "test"))),
    );
    expect(error.code).toBe("COLUMN_COLLISION");
  });
});

describe("a parameter that a model refuses", () => {
  it.each([
    ["nova-micro", "max_tokens: 10001", /10001; the model's limit is 10000/],
    ["claude-opus-5", "temperature: 0", /`temperature` is deprecated/],
    ["llama-3.3-70b", "top_k: 5", /`top_k` is no parameter/],
    ["llama-4-scout", "stop: [END]", /`stop` is no parameter/],
    ["mistral-large-2", "top_k: 5", /`top_k` is no parameter/],
    ["gpt-oss-20b", "top_k: 5", /`top_k` is no parameter/],
    ["titan-embed-text-v2", "dimensions: 300", /vectors of 256, 512, 1024/],
    ["nova-embed", "system: x", /`system` means nothing/],
    ["nova-lite", "dimensions: 256", /answers with text/],
  ])("stops a plan of %s with %s", async (model, line, words) => {
    const { folder, session } = await openLocalRun({ region: model === "mistral-large-2" ? "us-west-2" : "us-east-1" });
    const second = writeFile(folder, "p.md", `---\nmodel: ${model}\n${line}\n---\n{{text}}\n`);
    const error = await findFailure(async () =>
      planRun(session, await readRequest({ first: writeTexts(folder, 110), second }, parseRunOptions({}, "test"))),
    );
    expect([error.code, error.message]).toEqual(["REFUSED_PARAMETER", expect.stringMatching(words)]);
  });
});
