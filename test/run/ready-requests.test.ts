import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { tryRows } from "../../src/run/try/try-rows.ts";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

type Body = Readonly<Record<string, unknown>>;

const claude = (text: string, more: Body = {}): Body => ({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 200,
  messages: [{ role: "user", content: [{ type: "text", text }] }],
  ...more,
});
const converse = (text: string): Body => ({
  messages: [{ role: "user", content: [{ text }] }],
  inferenceConfig: { maxTokens: 90 },
});
const many = (make: (index: number) => Body, count = 120): Body[] =>
  Array.from({ length: count }, (_, index) => make(index));
const jsonl = (bodies: readonly Body[]): string =>
  bodies
    .map(
      (modelInput, index) => `${JSON.stringify({ recordId: `CALL${String(index).padStart(7, "0")}`, modelInput })}\n`,
    )
    .join("");

describe("ready requests", () => {
  it("in JSONL, as a job's input has them, are found by themselves and run as they are", async () => {
    const { folder, session } = await openLocalRun();
    const bodies = many((index) =>
      claude(`text number ${index}`, index % 2 === 0 ? {} : { temperature: 0.5, stop_sequences: ["x"] }),
    );
    const first = writeFile(folder, "ready.jsonl", jsonl(bodies));
    const finished = await runToEnd(session, { first, model: "claude-haiku-4.5" });
    expect(finished.summary.outcomeCounts.answered).toBe(120);
    expect(finished.run.parameters.maxTokens).toBe(200);
    const rows = await readResults(finished, "SELECT recordId, modelInput, answer FROM results");
    expect(rows[7]?.["recordId"]).toBe("CALL0000007");
    expect(JSON.parse(String(rows[7]?.["modelInput"]))).toEqual(bodies[7]);
    expect(rows[7]?.["answer"]).toMatch(/simulated answer/);
  });

  it("in a column of CSV are sent on one line, however they are written there; empty ones are skipped", async () => {
    const { folder, session } = await openLocalRun();
    const cells = many((index) => converse(`text ${index}`)).map((body, index) => [
      String(index),
      index === 3 ? "" : JSON.stringify(body, null, 2),
    ]);
    const first = writeFile(folder, "ready.csv", makeCsv(["id", "request"], cells));
    const input = { first, raw: "request", invocation: "converse", model: "nova-lite" };
    const finished = await runToEnd(session, input);
    expect(finished.summary.outcomeCounts).toMatchObject({ answered: 119, skipped: 1 });
    const request = await readRequest(input, parseRunOptions({}, "test"));
    const tried = await tryRows(session, request, 2);
    expect(tried.failedCount).toBe(0);
  });

  const longest = claude("x", { max_tokens: 100_000 });
  it.each([
    [
      "of several families",
      [...many((index) => claude(`a ${index}`), 60), ...many((index) => converse(`b ${index}`), 60)],
      {},
      "MIXED_REQUESTS",
      /60 of anthropic-messages.*\n.*60 of converse, the first in row 61/,
    ],
    [
      "of Converse in a job of the model's own form",
      many((index) => converse(`b ${index}`)),
      {},
      "MIXED_REQUESTS",
      /120 of converse/,
    ],
    [
      "without a required key",
      many((index) => ({ ...claude(`a ${index}`), anthropic_version: index === 5 ? undefined : "bedrock-2023-05-31" })),
      {},
      "BAD_REQUESTS",
      /1 of the 120.*\n.*row 6: `anthropic_version` is missing/,
    ],
    [
      "with a key that the family does not know",
      many((index) => claude(`a ${index}`, { stream: true })),
      {},
      "BAD_REQUESTS",
      /`stream` is no member/,
    ],
    [
      "with the model in the body",
      many((index) => claude(`a ${index}`, { modelId: "x" })),
      {},
      "BAD_REQUESTS",
      /`modelId` belongs to the job/,
    ],
    [
      "with more tokens than the model gives",
      [...many((index) => claude(`a ${index}`)), longest],
      {},
      "BAD_REQUESTS",
      /100000; the model's is 64000/,
    ],
    [
      "with parameters that the model refuses together",
      many((index) => claude(`a ${index}`, { temperature: 0, top_p: 1 })),
      {},
      "BAD_REQUESTS",
      /cannot both be specified/,
    ],
    [
      "that begin with the assistant",
      many((index) => claude(`a ${index}`, { messages: [{ role: "assistant", content: "x" }] })),
      {},
      "BAD_REQUESTS",
      /must start with a user message/,
    ],
    [
      "of Converse with two turns of the user in a row",
      many((index) => ({
        messages: [
          { role: "user", content: [{ text: `a ${index}` }] },
          { role: "user", content: [{ text: "b" }] },
        ],
      })),
      { invocation: "converse" },
      "BAD_REQUESTS",
      /must alternate/,
    ],
    [
      "with an empty turn",
      many((index) => claude(`a ${index}`, { messages: [{ role: "user", content: [{ type: "text", text: " " }] }] })),
      {},
      "BAD_REQUESTS",
      /message 1 is empty/,
    ],
    [
      "with a prefill that the model refuses",
      many((index) =>
        claude(`a ${index}`, {
          messages: [
            { role: "user", content: "x" },
            { role: "assistant", content: "y" },
          ],
        }),
      ),
      { model: "claude-sonnet-4.6" },
      "BAD_REQUESTS",
      /prefill/,
    ],
    [
      "with cache markers",
      many((index) =>
        claude(`a ${index}`, { system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }] }),
      ),
      {},
      "BAD_REQUESTS",
      /prompt caching/,
    ],
    ["with tools", many((index) => claude(`a ${index}`, { tools: [] })), {}, "BAD_REQUESTS", /takes no tools/],
    [
      "for Llama written as a chat",
      many((index) => ({ messages: [{ role: "user", content: `a ${index}` }] })),
      { model: "llama-3.3-70b" },
      "MIXED_REQUESTS",
      /of openai-chat/,
    ],
  ] as const)("%s are refused before anything is uploaded", async (_, bodies, more, code, words) => {
    const { folder, session } = await openLocalRun();
    const first = writeFile(folder, "ready.jsonl", jsonl(bodies));
    const request = await readRequest({ first, model: "claude-haiku-4.5", ...more }, parseRunOptions({}, "test"));
    const error = await findFailure(() => planRun(session, request));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });

  it("in the lines of OpenAI's batch API are told from Bedrock's", async () => {
    const { folder } = await openLocalRun();
    const line = { custom_id: "a", method: "POST", url: "/v1/chat/completions", body: { model: "x", messages: [] } };
    const first = writeFile(folder, "openai.jsonl", `${JSON.stringify(line)}\n`);
    const error = await findFailure(() => readRequest({ first, model: "gpt-oss-20b" }, parseRunOptions({}, "test")));
    expect([error.code, error.message]).toEqual([
      "BAD_OPTIONS",
      expect.stringMatching(/OpenAI's batch API.*modelInput/),
    ]);
  });

  it.each([
    ["a column that is not there", { raw: "body" }, "UNKNOWN_COLUMN", /the column body/],
    ["a system prompt beside them", { raw: true, system: "x" }, "BAD_OPTIONS", /--system/],
    ["a prompt beside them", { raw: true, prompt: "{{text}}" }, "BAD_OPTIONS", /two prompts/],
    [
      "vectors through Converse",
      { raw: true, model: "nova-embed", invocation: "converse" },
      "BAD_OPTIONS",
      /gives vectors/,
    ],
    ["a form that there is not", { raw: true, invocation: "chat" }, "BAD_OPTIONS", /model or converse/],
  ] as const)("with %s are refused", async (_, more, code, words) => {
    const { folder, session } = await openLocalRun();
    const first = writeFile(folder, "ready.jsonl", jsonl(many((index) => claude(`a ${index}`))));
    const error = await findFailure(async () =>
      planRun(session, await readRequest({ first, model: "claude-haiku-4.5", ...more }, parseRunOptions({}, "test"))),
    );
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
  });
});

describe("ready requests that mark what is to be cached", () => {
  it("are read from the cache on demand, and cost what cached tokens cost", async () => {
    const { folder, session } = await openLocalRun();
    const system = Array.from({ length: 4200 }, () => "word").join(" ");
    const body = (mark: Body) => (index: number) =>
      claude(`No. ${index}`, { system: [{ type: "text", text: system, ...mark }] });
    const cost = async (name: string, mark: Body) => {
      const first = writeFile(folder, `${name}.jsonl`, jsonl(many(body(mark), 10)));
      const input = { first, model: "claude-haiku-4.5", name };
      const { summary } = await runToEnd(session, input, parseRunOptions({ route: "on-demand" }, "test"));
      expect(summary.outcomeCounts).toMatchObject({ answered: 10 });
      const [part] = summary.money?.parts ?? [];
      return { usage: part?.usage, usd: part?.usd ?? 0 };
    };
    const plain = await cost("plain", {});
    const cached = await cost("cached", { cache_control: { type: "ephemeral" } });
    // All tokens count; nine of ten readings of the same beginning cost a tenth.
    expect(cached.usage).toEqual(plain.usage);
    expect(cached.usd).toBeLessThan(plain.usd / 3);
    expect(cached.usd).toBeGreaterThan(plain.usd / 10);
  });
});
