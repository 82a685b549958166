import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  experimental_cancelBatch as cancelBatch,
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  jsonSchema,
  experimental_listBatches as listBatches,
  experimental_startBatch as startBatch,
  type ToolSet,
  tool,
} from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bedrockBatch } from "../../src/ai-sdk/index.ts";
import { listRuns } from "../../src/index.ts";
import { type LocalServer, startLocal } from "../../src/local/index.ts";

let workspace: string;
let server: LocalServer;

beforeAll(async () => {
  workspace = join(mkdtempSync(join(tmpdir(), "halfprice-test-")), ".halfprice");
  const stick = { in: "Scheduled" as const, seconds: 1_000_000 };
  const jobs = [
    { model: "*nova-pro*", fault: { stick } },
    { model: "*nova-micro*", fault: { end: { status: "Expired" as const, doneRatio: 0.5 } } },
  ];
  const faults = { jobs, records: [{ times: 1, fault: { errorCode: 400, errorMessage: "the record is bad" } }] };
  server = await startLocal({ dataDir: join(workspace, "local"), speed: 20_000, seed: 1, faults });
});
afterAll(async () => {
  await server.close();
  rmSync(dirname(workspace), { recursive: true, force: true });
});

const provider = () => bedrockBatch({ local: true, workspace });
const model = "claude-haiku-4.5";

/** Asks until a batch has ended. */
async function waitFor(batch: { version: 2; id: string; provider: string }) {
  for (;;) {
    const status = await getBatchStatus({ provider: provider(), batch });
    if (status.status !== "pending") return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function collect(batch: { version: 2; id: string; provider: string }, tools = {}) {
  const items = [];
  for await (const item of getBatchResults({ provider: provider(), batch, tools })) items.push(item);
  return new Map(items.map((item) => [item.id, item]));
}

const text = (id: string, prompt: string, of = model) => ({ type: "text" as const, id, model: of, prompt });

describe("a batch of the AI SDK", () => {
  it("runs requests of several models, and keeps each id", async () => {
    const weather = tool({
      description: "the weather",
      inputSchema: jsonSchema<{ city: string }>({
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
      }),
    });
    const started = await startBatch({
      provider: provider(),
      webhookUrl: "https://example.com/hook",
      requests: [
        ...Array.from({ length: 110 }, (_, n) => ({
          type: "text" as const,
          id: `2026-01-${n}`,
          model,
          instructions: "Be brief.",
          prompt: `question ${n % 100}`,
          maxOutputTokens: 200,
        })),
        { type: "text" as const, id: "nova", model: "nova-lite", prompt: "hello", maxOutputTokens: 3 },
        {
          type: "text" as const,
          id: "tool",
          model,
          prompt: "weather in Oslo?",
          tools: { weather } as unknown as ToolSet,
          toolChoice: "required" as const,
        },
        { type: "text" as const, id: "unknown", model: "no-such-model", prompt: "hello" },
        {
          type: "text" as const,
          id: "video",
          model,
          messages: [
            {
              role: "user" as const,
              content: [{ type: "file" as const, mediaType: "video/mp4", data: new Uint8Array([1, 2, 3]) }],
            },
          ],
        },
      ],
    });
    const said = started.warnings.map(({ warning }) => JSON.stringify(warning)).join("\n");
    expect(said).toContain("webhookUrl");
    expect(said).toContain("too few for a batch job");
    expect(said).toContain("batch takes no tools");
    const reference = JSON.parse(JSON.stringify(started)) as typeof started;
    const ended = await waitFor(reference);
    expect(ended).toMatchObject({
      status: "completed",
      requestCounts: { total: 114, pending: 0, completed: 111, failed: 3 },
    });
    const items = await collect(reference, { weather });
    expect(items.size).toBe(114);
    const first = [...items.values()].find(({ status }) => status === "succeeded");
    expect(first).toMatchObject({ status: "succeeded", finishReason: "stop", response: { modelId: model } });
    expect(first?.status === "succeeded" && first.type === "text" && first.usage.inputTokens).toBeGreaterThan(5);
    expect(items.get("nova")).toMatchObject({
      status: "succeeded",
      finishReason: "length",
      rawFinishReason: "max_tokens",
    });
    expect(items.get("tool")).toMatchObject({
      finishReason: "tool-calls",
      content: [{ type: "tool-call", toolName: "weather", input: { city: expect.any(String) as string } }],
    });
    const failed = [...items.values()].filter(({ id, status }) => status === "failed" && id.startsWith("2026"));
    expect(failed).toMatchObject([{ error: { message: "the record is bad", statusCode: 400 } }]);
    expect(items.get("unknown")).toMatchObject({ status: "failed", error: { code: "UNKNOWN_MODEL", statusCode: 404 } });
    expect(items.get("video")).toMatchObject({ status: "failed", error: { code: "BAD_MEDIA" } });
    const runs = await listRuns({ workspace, local: true });
    expect(runs).toHaveLength(3);
    const listed = await listBatches({ provider: provider(), limit: 5 });
    expect(listed.batches).toMatchObject([{ id: started.id, status: "completed" }]);
  });

  it("is cancelled, and what was not answered says so", async () => {
    const requests = Array.from({ length: 100 }, (_, n) => text(`c${n}`, `cancel ${n}`, "nova-pro"));
    const started = await startBatch({ provider: provider(), requests });
    await cancelBatch({ provider: provider(), batch: started });
    expect(await waitFor(started)).toMatchObject({ status: "completed", rawStatus: "ended" });
    const items = [...(await collect(started)).values()];
    expect(items).toHaveLength(100);
    expect(items.some(({ status }) => status === "cancelled")).toBe(true);
    expect(items.every(({ status }) => status === "cancelled" || status === "succeeded")).toBe(true);
  });

  it("keeps the answers of a job that ran out of time, and says which requests have expired", async () => {
    const requests = Array.from({ length: 100 }, (_, n) => text(`e${n}`, `expire ${n}`, "nova-micro"));
    const started = await startBatch({ provider: provider(), requests });
    await waitFor(started);
    const items = [...(await collect(started)).values()];
    expect(items.filter(({ status }) => status === "expired").length).toBeGreaterThan(0);
    expect(items.filter(({ status }) => status === "failed" || status === "cancelled")).toEqual([]);
  });

  it("in which every request fails has a result for each, and costs nothing", async () => {
    const started = await startBatch({
      provider: provider(),
      requests: [text("a", "x", "none"), text("b", "y", "none")],
    });
    expect(await waitFor(started)).toMatchObject({ status: "completed", requestCounts: { total: 2, failed: 2 } });
    expect([...(await collect(started)).values()].map(({ id, status }) => [id, status])).toEqual([
      ["a", "failed"],
      ["b", "failed"],
    ]);
  });

  it("that is unknown, or whose results are asked for too early, is an error that says so", async () => {
    const batch = { version: 2 as const, id: "hpbatch_none", provider: "bedrock.batch" };
    await expect(getBatchStatus({ provider: provider(), batch, maxRetries: 0 })).rejects.toMatchObject({
      code: "UNKNOWN_BATCH",
    });
    const started = await startBatch({ provider: provider(), requests: [text("a", "early")] });
    await expect(collect(started)).rejects.toMatchObject({ code: "BATCH_NOT_ENDED" });
    await waitFor(started);
  });
});
