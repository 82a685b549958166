import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeOpenAiAnswers, parseOpenAiServer } from "../../../../src/local/models/answers/openai-answers.ts";
import type { ModelRequest } from "../../../../src/local/models/family.ts";
import { claudeBody, type JobBench, makeInput, makeJobBench, minuteMs } from "../../bedrock/job-bench.ts";

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly response_format?: unknown;
}

/** A server of OpenAI's form that answers as it is told. */
let server: Server;
let baseUrl: string;
let seen: ChatRequest[];
let most: number;
let answer: (request: ChatRequest) => { status?: number; body: unknown };

const completion = (content: string, more: Record<string, unknown> = {}) => ({
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
  usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  ...more,
});

beforeEach(async () => {
  seen = [];
  most = 0;
  let underWay = 0;
  answer = ({ messages }) => ({ body: completion(`echo: ${messages.at(-1)?.content}`) });
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      if (request.url === "/v1/models") return response.end(JSON.stringify({ data: [{ id: "first-model" }] }));
      underWay++;
      most = Math.max(most, underWay);
      // In the next turn of the loop, so that requests can meet.
      setImmediate(() => {
        underWay--;
        const parsed = JSON.parse(text) as ChatRequest;
        seen.push(parsed);
        const { status = 200, body } = answer(parsed);
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const ask: ModelRequest = {
  system: "Be brief",
  turns: [{ role: "user", text: "Hi" }],
  maxOutputTokens: 20,
  temperature: 0,
  stopSequences: ["END"],
  schema: undefined,
  tool: undefined,
};

describe("a real model", () => {
  it("is asked what the record asks, and its usage is the record's", async () => {
    const reply = await makeOpenAiAnswers({ baseUrl, model: "llama3" }).reply(ask);
    expect(reply).toMatchObject({ text: "echo: Hi", reason: "end", inputTokens: 11, outputTokens: 3 });
    expect(seen).toEqual([
      {
        model: "llama3",
        messages: [
          { role: "system", content: "Be brief" },
          { role: "user", content: "Hi" },
        ],
        max_tokens: 20,
        temperature: 0,
        stop: ["END"],
        stream: false,
      },
    ]);
  });

  it("is the first that the server lists where none is named", async () => {
    await makeOpenAiAnswers({ baseUrl }).reply(ask);
    expect(seen[0]?.model).toBe("first-model");
  });

  it("is asked for JSON of a schema, and says when it was cut", async () => {
    answer = () => ({
      body: { ...completion('{"a":'), choices: [{ finish_reason: "length", message: { content: '{"a":' } }] },
    });
    const reply = await makeOpenAiAnswers({ baseUrl, model: "m" }).reply({ ...ask, schema: { type: "object" } });
    expect(reply).toMatchObject({ text: '{"a":', reason: "length" });
    expect(seen[0]?.response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: { type: "object" } },
    });
  });

  it.each([
    [429, 429],
    [500, 500],
    [503, 503],
    [400, 424],
  ])("that answers %i fails the record with %i", async (status, expected) => {
    answer = () => ({ status, body: { error: { message: "out of memory" } } });
    await expect(makeOpenAiAnswers({ baseUrl, model: "m" }).reply(ask)).rejects.toMatchObject({
      status: expected,
      message: expect.stringContaining("out of memory") as unknown,
    });
  });

  it("that cannot be reached, or answers something else, fails the record", async () => {
    answer = () => ({ body: { hello: "world" } });
    await expect(makeOpenAiAnswers({ baseUrl, model: "m" }).reply(ask)).rejects.toMatchObject({ status: 424 });
    await expect(makeOpenAiAnswers({ baseUrl: "http://127.0.0.1:9/v1", model: "m" }).reply(ask)).rejects.toMatchObject({
      status: 503,
    });
  });

  it("gets so many requests at once and no more", async () => {
    const answers = makeOpenAiAnswers({ baseUrl, model: "m", concurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, async () => await answers.reply(ask)));
    expect(seen).toHaveLength(30);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe("the setting", () => {
  it("names the server and the model", () => {
    expect(parseOpenAiServer("openai:http://127.0.0.1:11434/v1/#qwen3:8b")).toEqual({
      baseUrl: "http://127.0.0.1:11434/v1",
      model: "qwen3:8b",
    });
    expect(parseOpenAiServer("openai:https://host/v1")).toEqual({ baseUrl: "https://host/v1", model: undefined });
    for (const wrong of ["openai", "openai:", "openai:ftp://x", "ollama"])
      expect(() => parseOpenAiServer(wrong)).toThrow(RangeError);
  });
});

describe("a job with a real model behind it", () => {
  let jobs: JobBench;
  const open = async (earlier?: JobBench["bench"]): Promise<void> => {
    jobs = await makeJobBench({ answers: makeOpenAiAnswers({ baseUrl, model: "m", concurrency: 4 }) }, earlier);
  };
  afterEach(() => jobs.close());

  it("has its answers in the family's shape, and its failures as record errors", async () => {
    await open();
    jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(100));
    answer = ({ messages }) =>
      messages.at(-1)?.content.endsWith("7") ? { status: 500, body: {} } : { body: completion("fine") };
    const arn = await jobs.create();
    for (let minute = 0; minute < 20; minute++) await jobs.step(minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "Completed", successRecordCount: 90, errorRecordCount: 10 });
    const output = jobs.output(arn);
    expect(output.find(({ recordId }) => recordId === "rec_1")?.modelOutput).toMatchObject({
      content: [{ type: "text", text: "fine" }],
      usage: { input_tokens: 11, output_tokens: 3 },
    });
    expect(output.find(({ recordId }) => recordId === "rec_7")?.error).toMatchObject({ errorCode: 500 });
  });

  it("is not asked again by a new process for what it has answered", async () => {
    await open();
    jobs.bench.objects.put(
      "bucket",
      "in/a.jsonl",
      makeInput(100, (index) => claudeBody(`No. ${index}`)),
    );
    const arn = await jobs.create();
    await jobs.step(5 * minuteMs);
    await jobs.step(5 * minuteMs);
    const before = seen.length;
    expect(before).toBe(50);
    await jobs.service.close();
    const { bench } = jobs;
    await open(bench);
    for (let minute = 0; minute < 20; minute++) await jobs.step(minuteMs);
    expect(await jobs.get(arn)).toMatchObject({ status: "Completed", successRecordCount: 100 });
    expect(new Set(seen.map(({ messages }) => messages.at(-1)?.content)).size).toBe(100);
    expect(seen).toHaveLength(100);
  });
});
