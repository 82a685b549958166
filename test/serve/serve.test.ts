import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "node:stream/consumers";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRuns, openRun } from "../../src/index.ts";
import { type LocalServer, startLocal } from "../../src/local/index.ts";
import { readKeys } from "../../src/serve/read-keys.ts";
import { type ServeServer, startServe } from "../../src/serve/start-serve.ts";
import { findFailure } from "../support/failure.ts";

let workspace: string;
let local: LocalServer;
let server: ServeServer;
let openai: OpenAI;
let anthropic: Anthropic;

const start = () =>
  startServe({
    session: { workspace, local: true },
    run: {},
    port: 0,
    mapped: new Map([["gpt-4o-mini", "nova-lite"]]),
  });

beforeAll(async () => {
  workspace = join(mkdtempSync(join(tmpdir(), "halfprice-test-")), ".halfprice");
  const jobs = [
    { model: "*nova-pro*", fault: { stick: { in: "Scheduled" as const, seconds: 1_000_000 } } },
    { model: "*nova-micro*", fault: { end: { status: "Expired" as const, doneRatio: 0.5 } } },
  ];
  local = await startLocal({ dataDir: join(workspace, "local"), speed: 20_000, seed: 1, faults: { jobs } });
  await connect();
});
afterAll(async () => {
  await server.close();
  await local.close();
  rmSync(dirname(workspace), { recursive: true, force: true });
});

async function connect(): Promise<void> {
  server = await start();
  openai = new OpenAI({ apiKey: "any", baseURL: `${server.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: "any", baseURL: server.url, maxRetries: 0 });
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

async function upload(lines: readonly (object | string)[]): Promise<string> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  return (await openai.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" })).id;
}

const chat = (id: string, body: object) => ({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
const ask = (text: string, model = "gpt-4o-mini") => ({ model, messages: [{ role: "user", content: text }] });

async function waitForOpenAi(id: string) {
  for (;;) {
    const batch = await openai.batches.retrieve(id);
    if (["completed", "failed", "expired", "cancelled"].includes(batch.status)) return batch;
    await pause();
  }
}

interface OutputLine {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: Record<string, never> } | null;
  readonly error: { readonly code: string } | null;
}

async function readOutput(id: string | null | undefined): Promise<OutputLine[]> {
  if (id === null || id === undefined) return [];
  const text = await (await openai.files.content(id)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as OutputLine);
}

describe("OpenAI's client", () => {
  it("runs a batch of chat completions: ids and metadata kept, bad requests fail alone", async () => {
    const weather = { type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } };
    const file = await upload([
      ...Array.from({ length: 100 }, (_, n) => chat(`2026-01-${n}`, ask(`question ${n}`))),
      chat("tool", { ...ask("weather?"), tools: [weather], tool_choice: "required" }),
      chat("short", { ...ask("hello", "claude-haiku-4.5"), max_tokens: 3 }),
      chat("unknown", ask("hello", "gpt-9")),
      chat("two", { ...ask("hello"), n: 2 }),
      { ...chat("elsewhere", ask("hello")), url: "/v1/embeddings" },
    ]);
    const created = await openai.batches.create({
      input_file_id: file,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { job: "nightly" },
    });
    expect(created).toMatchObject({ object: "batch", status: "validating", metadata: { job: "nightly" } });
    const ended = await waitForOpenAi(created.id);
    expect(ended).toMatchObject({
      status: "completed",
      metadata: { job: "nightly" },
      request_counts: { total: 105, completed: 102, failed: 3 },
      errors: null,
    });
    expect(ended.completed_at).toBeGreaterThanOrEqual(ended.created_at);
    expect(ended.usage?.total_tokens).toBeGreaterThan(100);
    const output = new Map((await readOutput(ended.output_file_id)).map((line) => [line.custom_id, line]));
    expect(output.size).toBe(102);
    expect(output.get("2026-01-7")).toMatchObject({
      response: {
        status_code: 200,
        body: {
          object: "chat.completion",
          model: "gpt-4o-mini",
          choices: [{ finish_reason: "stop", message: { role: "assistant", content: expect.any(String) as string } }],
        },
      },
      error: null,
    });
    expect(output.get("short")?.response?.body).toMatchObject({ choices: [{ finish_reason: "length" }] });
    expect(output.get("tool")?.response?.body).toMatchObject({
      choices: [{ finish_reason: "tool_calls", message: { tool_calls: [{ function: { name: "weather" } }] } }],
    });
    const errors = new Map((await readOutput(ended.error_file_id)).map((line) => [line.custom_id, line]));
    expect(errors.get("unknown")).toMatchObject({
      response: { status_code: 404, body: { error: { code: "model_not_found" } } },
      error: null,
    });
    expect(errors.get("two")?.response?.body).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(errors.get("elsewhere")?.response).toMatchObject({ status_code: 400 });
    const listed = await openai.batches.list({ limit: 1 });
    expect(listed.data).toMatchObject([{ id: created.id, metadata: { job: "nightly" } }]);
    // The table behind it has each request's id and answer, and not the request once more.
    const run = await openRun(`${created.id}-0`, { workspace, local: true });
    const columns = await run.query<{ column_name: string }>("DESCRIBE SELECT * FROM results");
    const names = columns.map(({ column_name: name }) => name);
    expect(names).toEqual(expect.arrayContaining(["n", "id", "answer", "_halfprice_is_plain"]));
    expect(names).not.toContain("modelInput");
  });

  it("gets vectors, several for a request", async () => {
    const embed = (id: string, input: unknown, more = {}) => ({
      ...{ custom_id: id, method: "POST", url: "/v1/embeddings" },
      body: { model: "titan-embed-text-v2", input, dimensions: 256, ...more },
    });
    const file = await upload([embed("one", "a text"), embed("two", ["b", "c"], { encoding_format: "base64" })]);
    const created = await openai.batches.create({
      ...{ input_file_id: file, endpoint: "/v1/embeddings", completion_window: "24h" },
    });
    const ended = await waitForOpenAi(created.id);
    expect(ended).toMatchObject({ status: "completed", request_counts: { total: 2, completed: 2, failed: 0 } });
    expect(ended.error_file_id ?? null).toBeNull();
    const output = new Map(
      (await readOutput(ended.output_file_id)).map((line) => [line.custom_id, line.response?.body]),
    );
    const one = output.get("one") as unknown as { data: { embedding: number[] }[]; usage: { total_tokens: number } };
    expect(one.data[0]?.embedding).toHaveLength(256);
    expect(one.usage.total_tokens).toBeGreaterThan(0);
    const two = output.get("two") as unknown as { data: { embedding: string; index: number }[] };
    expect(two.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(Buffer.from(two.data[1]?.embedding ?? "", "base64")).toHaveLength(1024);
  });

  it("sees why a file fails as a whole, and that a batch in which all fail has no output file", async () => {
    const broken = await upload([chat("a", ask("x")), "{not json", chat("a", ask("y")), { body: {} }]);
    const options = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const failed = await waitForOpenAi((await openai.batches.create({ input_file_id: broken, ...options })).id);
    expect(failed).toMatchObject({ status: "failed", output_file_id: null, error_file_id: null });
    expect(failed.errors?.data?.map(({ code, line }) => [code, line])).toEqual([
      ["invalid_json_line", 2],
      ["duplicate_custom_id", 3],
      ["missing_required_parameter", 4],
    ]);
    const bad = await upload([chat("a", ask("x", "none"))]);
    const ended = await waitForOpenAi((await openai.batches.create({ input_file_id: bad, ...options })).id);
    expect(ended).toMatchObject({ status: "completed", output_file_id: null });
    expect(await readOutput(ended.error_file_id)).toHaveLength(1);
  });

  it("cancels a batch that waits, over a restart of the server, and has the partial output of one that expired", async () => {
    const options = { endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const create = async (model: string) =>
      openai.batches.create({
        input_file_id: await upload(Array.from({ length: 100 }, (_, n) => chat(`${n}`, ask(`${model} ${n}`, model)))),
        ...options,
      });
    const waiting = await create("nova-pro");
    const expiring = await create("nova-micro");
    for (;;) {
      const { status } = await openai.batches.retrieve(waiting.id);
      if (status === "in_progress") break;
      await pause();
    }
    await server.close();
    await connect();
    expect(await openai.batches.cancel(waiting.id)).toMatchObject({ status: "cancelling" });
    const cancelled = await waitForOpenAi(waiting.id);
    expect(cancelled).toMatchObject({ status: "cancelled", request_counts: { total: 100 } });
    expect(cancelled.cancelled_at).toBeGreaterThan(0);
    expect((await readOutput(cancelled.error_file_id))[0]?.error?.code).toBe("batch_cancelled");
    const expired = await waitForOpenAi(expiring.id);
    expect(expired.status).toBe("expired");
    const [output, errors] = [await readOutput(expired.output_file_id), await readOutput(expired.error_file_id)];
    expect(output.length).toBeGreaterThan(0);
    expect(output.length + errors.length).toBe(100);
    expect(errors[0]?.error?.code).toBe("batch_expired");
    const names = (await listRuns({ workspace, local: true })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("gets errors in its own shape", async () => {
    await expect(openai.batches.retrieve("batch_none")).rejects.toMatchObject({ status: 404 });
    await expect(openai.files.retrieve("file-none")).rejects.toMatchObject({ status: 404 });
    const wrong = { input_file_id: "file-none", endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    await expect(openai.batches.create(wrong)).rejects.toMatchObject({ status: 404, param: "input_file_id" });
    const file = await upload([chat("a", ask("x"))]);
    const other = { input_file_id: file, endpoint: "/v1/responses", completion_window: "24h" } as const;
    await expect(openai.batches.create(other)).rejects.toMatchObject({ status: 400, param: "endpoint" });
    expect(await openai.files.retrieve(file)).toMatchObject({ filename: "in.jsonl", purpose: "batch" });
    expect(await openai.files.delete(file)).toMatchObject({ deleted: true });
    await expect(openai.files.retrieve(file)).rejects.toMatchObject({ status: 404 });
  });
});

describe("Anthropic's client", () => {
  const message = (id: string, text: string, more = {}) => ({
    custom_id: id,
    params: {
      model: "claude-haiku-4.5",
      max_tokens: 100,
      messages: [{ role: "user" as const, content: text }],
      ...more,
    },
  });

  async function waitForAnthropic(id: string) {
    for (;;) {
      const batch = await anthropic.messages.batches.retrieve(id);
      if (batch.processing_status === "ended") return batch;
      await pause();
    }
  }

  async function readResults(id: string) {
    const results = new Map<string, Anthropic.Messages.MessageBatchResult>();
    for await (const line of await anthropic.messages.batches.results(id)) results.set(line.custom_id, line.result);
    return results;
  }

  it("runs a batch of messages of Claude and of others, and reads its results", async () => {
    const created = await anthropic.messages.batches.create({
      requests: [
        ...Array.from({ length: 100 }, (_, n) => message(`m-${n}`, `question ${n}`)),
        message("nova", "hello", { model: "nova-lite", system: "Be brief." }),
        message("cached", "hello", {
          system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
        }),
        message("unknown", "hello", { model: "claude-none" }),
        message("limit", "hello", { max_tokens: 10_000_000 }),
      ],
    });
    expect(created).toMatchObject({
      type: "message_batch",
      processing_status: "in_progress",
      request_counts: { processing: 104, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
      results_url: null,
    });
    const ended = await waitForAnthropic(created.id);
    expect(ended.request_counts).toEqual({ processing: 0, succeeded: 102, errored: 2, canceled: 0, expired: 0 });
    expect(ended.results_url).toBe(`${server.url}/v1/messages/batches/${created.id}/results`);
    const results = await readResults(created.id);
    expect(results.size).toBe(104);
    for (const [id, model] of [
      ["m-7", "claude-haiku-4.5"],
      ["cached", "claude-haiku-4.5"],
      ["nova", "nova-lite"],
    ] as const)
      expect(results.get(id)).toMatchObject({
        type: "succeeded",
        message: { type: "message", role: "assistant", model, stop_reason: "end_turn", content: [{ type: "text" }] },
      });
    expect(results.get("unknown")).toMatchObject({
      type: "errored",
      error: { type: "error", error: { type: "not_found_error" } },
    });
    expect(results.get("limit")).toMatchObject({ error: { error: { type: "invalid_request_error" } } });
    const listed = await anthropic.messages.batches.list({ limit: 1 });
    expect(listed.data.map(({ id }) => id)).toEqual([created.id]);
    expect(await anthropic.messages.batches.delete(created.id)).toMatchObject({ type: "message_batch_deleted" });
    await expect(anthropic.messages.batches.retrieve(created.id)).rejects.toMatchObject({ status: 404 });
  });

  it("cancels a batch, and gets errors in its own shape", async () => {
    const requests = Array.from({ length: 100 }, (_, n) => message(`c${n}`, `cancel ${n}`, { model: "nova-pro" }));
    const created = await anthropic.messages.batches.create({ requests });
    await expect(anthropic.messages.batches.delete(created.id)).rejects.toMatchObject({ status: 400 });
    expect(await anthropic.messages.batches.cancel(created.id)).toMatchObject({ processing_status: "canceling" });
    const ended = await waitForAnthropic(created.id);
    expect(ended.request_counts).toMatchObject({ canceled: 100 });
    expect((await readResults(created.id)).get("c0")).toEqual({ type: "canceled" });
    await expect(anthropic.messages.batches.retrieve("msgbatch_none")).rejects.toMatchObject({
      status: 404,
      error: { type: "error", error: { type: "not_found_error" } },
    });
    await expect(anthropic.messages.batches.create({ requests: [message("not allowed!", "x")] })).rejects.toMatchObject(
      { status: 400, message: expect.stringContaining("custom_id") as string },
    );
  });
});

describe("The server", () => {
  it("says that it is there, and counts", async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: "ok" });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^halfprice_batches\{client="openai",status="completed"\} \d+$/m);
    expect(metrics).toMatch(/^halfprice_requests_total\{client="openai",result="succeeded"\} \d+$/m);
  });

  it.each<[string, Record<string, string>, number]>([
    ["a page of another origin", { origin: "http://evil.example" }, 403],
    ["a page that sends a form", { "sec-fetch-site": "cross-site" }, 403],
    ["a name that leads here", { host: "rebound.example:8787" }, 403],
    ["a client in a container", { host: "host.docker.internal:8787" }, 200],
    ["an address that a person wrote into a browser", { "sec-fetch-site": "none" }, 200],
  ])("without keys keeps web pages out, and nobody else: %s", async (_name, headers, status) => {
    for (const path of ["/v1/batches", "/v1/messages/batches"]) {
      const response = await new Promise<IncomingMessage>((resolve, reject) =>
        get(`${server.url}${path}`, { headers }, resolve).on("error", reject),
      );
      expect(response.statusCode).toBe(status);
      const answer = await json(response);
      if (status === 403)
        expect(answer).toMatchObject({ error: { message: expect.stringMatching(/--keys FILE/) as string } });
    }
  });

  it("with keys takes a page that has one", async () => {
    const path = join(dirname(workspace), "page-keys.txt");
    writeFileSync(path, "secret-1\n");
    const options = {
      session: { workspace: `${workspace}-page`, local: true },
      run: {},
      port: 0,
      mayCall: readKeys(path),
    };
    const guarded = await startServe(options);
    try {
      const headers = { origin: "http://tool.example", authorization: "Bearer secret-1" };
      expect((await fetch(`${guarded.url}/v1/batches`, { headers })).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  it("splits a file at line feeds only: a text may hold U+2028, and lines may end as on Windows", async () => {
    const lines = ["one\u2028two", "three\u0085four"].map((text, index) =>
      JSON.stringify(chat(`s${index}`, ask(text))),
    );
    const text = `${lines.join("\r\n")}\r\n`;
    const input = (await openai.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" }))
      .id;
    const body = { input_file_id: input, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const ended = await waitForOpenAi((await openai.batches.create(body)).id);
    expect(ended).toMatchObject({ status: "completed", request_counts: { total: 2, completed: 2 } });
    const output = await (await openai.files.content(ended.output_file_id ?? "")).text();
    expect(output.trimEnd().split("\n")).toHaveLength(2);
  });

  it("is the only one of its workspace: a second one is told which process to use or to stop", async () => {
    const refused = await findFailure(start);
    expect(refused).toMatchObject({ code: "SERVE_RUNNING", details: { pid: process.pid, url: server.url } });
    expect(refused.message).toContain(`process ${process.pid}`);
    expect((refused as unknown as { fix: string }).fix).toContain(`kill ${process.pid}`);
  });

  it("gives a client that got no answer, and says that it asks again, the batch that it made before", async () => {
    const input = await upload([chat("a", ask("again"))]);
    const body = { input_file_id: input, endpoint: "/v1/chat/completions", completion_window: "24h" } as const;
    const metadata = { key: "same" };
    const first = await openai.batches.create({ ...body, metadata });
    const retry = { headers: { "x-stainless-retry-count": "1" } };
    expect((await openai.batches.create({ ...body, metadata }, retry)).id).toBe(first.id);
    expect((await openai.batches.create({ ...body, metadata: { key: "other" } }, retry)).id).not.toBe(first.id);
    expect((await openai.batches.create({ ...body, metadata })).id).not.toBe(first.id);
  });

  it("listens beyond loopback only with keys, and then takes no other", async () => {
    const options = { session: { workspace: `${workspace}-keys`, local: true }, run: {}, port: 0 };
    const refused = await findFailure(() => startServe({ ...options, host: "0.0.0.0" }));
    expect(refused).toMatchObject({ code: "SERVE_NEEDS_KEYS" });
    const path = join(dirname(workspace), "keys.txt");
    writeFileSync(path, "# a comment\n\nsecret-1\nsecret-2\n");
    const guarded = await startServe({ ...options, mayCall: readKeys(path) });
    try {
      const call = async (headers: Record<string, string>, where = "/v1/batches") =>
        fetch(`${guarded.url}${where}`, { headers });
      expect((await call({})).status).toBe(401);
      expect((await call({ authorization: "Bearer secret-3" })).status).toBe(401);
      expect((await call({ authorization: "Bearer secret-2" })).status).toBe(200);
      const own = await call({ "x-api-key": "wrong" }, "/v1/messages/batches");
      expect(await own.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
      expect((await call({ "x-api-key": "secret-1" }, "/v1/messages/batches")).status).toBe(200);
      expect((await call({}, "/healthz")).status).toBe(200);
    } finally {
      await guarded.close();
    }
    expect(existsSync(workspace)).toBe(true);
  });
});
