/** Everything that a call, a job or a record of the local service can end with is explained. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { explainMessage } from "../../src/explanations/explain.ts";
import { callErrors, recordErrors, runMessages, validationMessages } from "../../src/local/faults/known-errors.ts";
import { modelWords } from "../../src/local/models/answers/reference.ts";
import { findModel } from "../../src/local/models/catalogue.ts";
import { findFamily } from "../../src/local/models/families/index.ts";
import type { JsonObject } from "../../src/local/models/family.ts";
import { s3Errors } from "../../src/local/s3/errors.ts";

const unexplained = (messages: readonly string[]): string[] =>
  messages.filter((message) => explainMessage(message) === undefined);

const folder = fileURLToPath(new URL("../../src/local/", import.meta.url));

/** Texts in a file of the local service, `${…}` filled in with a word. */
const textsIn = (file: string, pattern: RegExp): string[] =>
  [...readFileSync(`${folder}${file}`, "utf8").matchAll(pattern)].map(([, text = ""]) =>
    text.replace(/\$\{[^}]*\}/g, "some-name"),
  );

describe("every message of the local service is explained:", () => {
  it("the named faults of calls, jobs and records", () => {
    const calls = Object.values(callErrors).map(({ type, message }) => `${type}: ${message}`);
    const jobs = [...Object.values(validationMessages), ...Object.values(runMessages)];
    const records = Object.values(recordErrors).map(({ errorMessage }) => errorMessage);
    expect(calls.length + jobs.length + records.length).toBeGreaterThan(30);
    expect(unexplained([...calls, ...jobs, ...records])).toEqual([]);
    // Without the error's type too, as the console shows it; two say nothing but their status.
    expect(unexplained(Object.values(callErrors).map(({ message }) => message))).toEqual([]);
  });

  it("what is wrong with a KMS key", () => {
    const arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const said = [...readFileSync(`${folder}kms/key-use.ts`, "utf8").matchAll(/code: "(.*?)",\s+message: `(.*?)`/g)];
    const words = said.map(([, code = "", message = ""]) => `${code}: ${message.replace(/\$\{[^}]*\}/g, arn)}`);
    expect(words.map((message) => explainMessage(message)?.id)).toEqual(["H43", "H42", "H42"]);
    // Without the code too.
    const bare = words.map((message) => message.replace(/^[^:]*: /, ""));
    expect(bare.map((message) => explainMessage(message)?.id)).toEqual(["H43", "H42", "H42"]);
    expect(explainMessage(words[1] ?? "")?.cause).toBe(
      "The KMS key is disabled or about to be deleted: nothing is encrypted or decrypted with it.",
    );
    expect(explainMessage(bare[1] ?? "")?.cause).toContain(`The KMS key ${arn} is disabled`);
  });

  it("what a failed validation says", () => {
    const words = textsIn(
      "jobs/read-input.ts",
      /^ {2}(?:assume|list|get|put|format|too\w+|\w+TooLarge):[^"`]*["`](.*)["`],?$/gm,
    );
    const long = textsIn("jobs/read-input.ts", /^ {4}["`](.*)["`],$/gm);
    expect(words.length + long.length).toBeGreaterThanOrEqual(10);
    expect(
      unexplained(
        [...words, ...long].map((text) => text.replace(/\(some-name\)/, "(7)").replace(/: some-name/, ": 7")),
      ),
    ).toEqual([]);
  });

  it("what a model's id is refused with", () => {
    const { invalid, noBatch, noBatchHere, needsProfile } = modelWords;
    const said = [invalid, noBatch, noBatchHere("m.x", "us-west-2"), needsProfile("m.x")];
    expect(said.map((message) => explainMessage(message)?.id)).toEqual(["E12", "E11", "E10", "E13"]);
  });

  it("what Bedrock's operations refuse", () => {
    const files = readdirSync(`${folder}bedrock`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `bedrock/${name}`);
    const said = files.flatMap((file) =>
      textsIn(
        file,
        /new Refusal\(\s*"(?:Validation|Conflict|ResourceNotFound|AccessDenied|ServiceQuota)\w*",\s*["`]([^"`]+)["`]/g,
      ),
    );
    expect(said.length).toBeGreaterThan(5);
    // What only a wrongly written client can cause, and what is said of inference profiles that are made or deleted: no run does that.
    const ownFault =
      /provided token is invalid|No input or output location|request body is longer|tags|Inference profiles are not supported|system-defined inference profile/;
    expect(unexplained(said.filter((text) => !ownFault.test(text)))).toEqual([]);
  });

  it.each([
    [
      "anthropic.claude-haiku-4-5-20251001-v1:0",
      {
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 10,
        messages: [{ role: "user", content: "Hello" }],
        temperature: 0.5,
        system: "x",
      },
    ],
    [
      "amazon.nova-lite-v1:0",
      {
        messages: [{ role: "user", content: [{ text: "Hello" }] }],
        inferenceConfig: { maxTokens: 10, temperature: 0.5 },
      },
    ],
    ["meta.llama3-1-8b-instruct-v1:0", { prompt: "Hello", max_gen_len: 10, temperature: 0.5 }],
    ["mistral.mistral-large-2407-v1:0", { messages: [{ role: "user", content: "Hello" }], max_tokens: 10 }],
    ["openai.gpt-oss-20b-1:0", { messages: [{ role: "user", content: "Hello" }], max_completion_tokens: 10 }],
    ["amazon.titan-embed-text-v2:0", { inputText: "Hello", dimensions: 256 }],
    ["amazon.titan-embed-image-v1", { inputText: "Hello" }],
    [
      "amazon.nova-2-multimodal-embeddings-v1:0",
      {
        taskType: "SINGLE_EMBEDDING",
        singleEmbeddingParams: {
          embeddingPurpose: "GENERIC_INDEX",
          embeddingDimension: 256,
          text: { truncationMode: "END", value: "Hello" },
        },
      },
    ],
  ] as const)("what %s refuses a body with, each member missing, doubled or wrong", (id, sound) => {
    const model = findModel(id);
    if (model === undefined) throw new Error(`no model ${id}`);
    const family = findFamily(model.family);
    const converse = findFamily("converse");
    const said = new Set<string>();
    const look = (body: JsonObject): void => {
      const problem = family?.findProblem(body, model, true);
      if (problem !== undefined) said.add(problem);
    };
    for (const body of bend(sound)) look(body);
    if (converse !== undefined && model.output.includes("TEXT"))
      for (const body of bend({
        messages: [{ role: "user", content: [{ text: "Hello" }] }],
        inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.5 },
      })) {
        const problem = converse.findProblem(body, model, true);
        if (problem !== undefined) said.add(problem);
      }
    expect(said.size).toBeGreaterThan(3);
    expect(unexplained([...said].filter((text) => !text.startsWith("The local service builds")))).toEqual([]);
  });

  it("what S3 refuses a run's calls with", () => {
    const ofRuns = [
      "AccessDenied",
      "InternalError",
      "NoSuchBucket",
      "NoSuchKey",
      "NoSuchUpload",
      "PermanentRedirect",
      "RequestTimeout",
      "SignatureDoesNotMatch",
    ] as const;
    expect(unexplained(ofRuns.map((code) => `${code}: ${s3Errors[code].message}`))).toEqual([]);
  });

  it("what credentials are refused with", () => {
    const said = textsIn("signature/words.ts", /code: "(\w+)"/g).filter(
      (code) => code !== "AuthorizationHeaderMalformed",
    );
    expect(said.length).toBeGreaterThan(8);
    expect(unexplained(said)).toEqual([]);
  });
});

/** A body with one thing wrong at a time. */
function bend(sound: JsonObject): JsonObject[] {
  const bent: JsonObject[] = [{}, { ...sound, foreign: 1 }, { ...sound, inferenceConfig: 1, max_tokens: undefined }];
  const others: unknown[] = [
    undefined,
    null,
    "",
    "x",
    -1,
    0,
    1e9,
    1.5,
    true,
    [],
    {},
    [{}],
    [{ role: "system", content: "x" }],
    [{ role: "user", content: "" }],
    [{ role: "assistant", content: [{ text: "x" }] }],
    [{ role: "user", content: [{ text: "" }] }],
    [{ role: "user", content: [] }],
  ];
  for (const name of Object.keys(sound)) {
    for (const value of others) bent.push({ ...sound, [name]: value });
    const inner = sound[name];
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) continue;
    for (const key of [...Object.keys(inner), "foreign"])
      for (const value of others) bent.push({ ...sound, [name]: { ...inner, [key]: value } });
  }
  for (const extra of ["temperature", "top_p", "topP", "stop", "stream", "model", "thinking", "tools", "cache_control"])
    bent.push({
      ...sound,
      [extra]: extra === "stream" ? true : 0.5,
      ...(extra === "top_p" ? { temperature: 0.5 } : {}),
    });
  return bent;
}
