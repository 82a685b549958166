/** Prompt caching on demand, by the SDK: what is written and read, for how long, and how it is counted. */
import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeSteppedClock, type SteppedClock } from "../../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../../src/local/start-local.ts";
import { claudeBody, haiku } from "../bedrock/job-bench.ts";
import { credentials, startMs } from "../bench.ts";
import { refusal } from "../iam/enforced.ts";

const minuteMs = 60_000;
const micro = "amazon.nova-micro-v1:0";
const sonnet = "us.anthropic.claude-sonnet-4-6";
const words = (count: number, word = "word"): string => Array.from({ length: count }, () => word).join(" ");

let local: LocalServer<SteppedClock>;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  local = await startLocal({ clock: makeSteppedClock(startMs) });
  client = new BedrockRuntimeClient({ endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await local.close();
});
// Whatever another test has written is gone.
beforeEach(() => local.clock.advance(2 * 60 * minuteMs));

interface ClaudeUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: Readonly<Record<string, number>>;
}
async function invoke(body: unknown, modelId = haiku, of = client): Promise<ClaudeUsage> {
  const { body: bytes } = await of.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }));
  return (JSON.parse(Buffer.from(bytes).toString()) as { usage: ClaudeUsage }).usage;
}
const marked = (text: string, ttl?: "1h") => ({
  ...{ type: "text", text },
  cache_control: { type: "ephemeral", ...(ttl && { ttl }) },
});
const counts = ({ cache_creation_input_tokens: written, cache_read_input_tokens: read }: ClaudeUsage) => ({
  written,
  read,
});

describe("a Claude body with cache_control", () => {
  const body = (question: string, more: Record<string, unknown> = {}) =>
    claudeBody(question, { system: [marked(words(4200))], ...more });

  it("is written once, read for five minutes from each reading, and written again", async () => {
    const plain = await invoke(claudeBody("One?", { system: words(4200) }));
    const first = await invoke(body("One?"));
    const { written } = counts(first);
    expect(written).toBeGreaterThan(4096);
    expect(first).toMatchObject({ cache_read_input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: written } });
    // The input tokens are the others.
    expect(first.input_tokens + written).toBe(plain.input_tokens);
    expect(counts(plain)).toEqual({ written: 0, read: 0 });
    for (let reading = 0; reading < 3; reading++) {
      local.clock.advance(4 * minuteMs);
      expect(counts(await invoke(body("Two?")))).toEqual({ written: 0, read: written });
    }
    local.clock.advance(5 * minuteMs);
    expect(counts(await invoke(body("Three?")))).toEqual({ written, read: 0 });
  });

  it("is read only where all before the mark is the same: text, tools, model and region", async () => {
    const { written } = counts(await invoke(body("One?")));
    expect(counts(await invoke(claudeBody("One?", { system: [marked(words(4200, "other"))] }))).read).toBe(0);
    expect(counts(await invoke(body("One?", { tools: [{ name: "look", input_schema: {} }] }))).read).toBe(0);
    expect(counts(await invoke(body("One?"), sonnet)).read).toBe(0);
    const west = new BedrockRuntimeClient({ endpoint: local.url, region: "us-west-2", credentials, maxAttempts: 1 });
    expect(counts(await invoke(body("One?"), haiku, west)).read).toBe(0);
    west.destroy();
    expect(counts(await invoke(body("One?"))).read).toBe(written);
  });

  it("that is too short for its model is not cached", async () => {
    const short = claudeBody("One?", { system: [marked(words(1200))] });
    expect(counts(await invoke(short))).toEqual({ written: 0, read: 0 });
    // Sonnet 4.6 takes 1,024 where Haiku 4.5 wants 4,096.
    expect(counts(await invoke(short, sonnet)).written).toBeGreaterThan(1024);
  });

  it("finds what an earlier turn has cached, and writes only what is new", async () => {
    const turn = (role: string, content: unknown) => ({ role, content });
    const start = [turn("user", [marked(words(4200))])];
    const { written } = counts(await invoke(claudeBody("", { messages: start })));
    const bare = turn("user", [{ type: "text", text: words(4200) }]);
    const longer = [bare, turn("assistant", "Yes."), turn("user", [marked(words(5000))])];
    const next = counts(await invoke(claudeBody("", { messages: longer })));
    expect(next.read).toBe(written);
    expect(next.written).toBeGreaterThan(5000);
  });

  it("lives for an hour where it is asked to, and that must come first", async () => {
    const both = claudeBody("One?", { system: [marked(words(4200), "1h"), marked(words(5000))] });
    const { cache_creation: creation } = await invoke(both);
    expect(creation["ephemeral_1h_input_tokens"]).toBeGreaterThan(4096);
    expect(creation["ephemeral_5m_input_tokens"]).toBeGreaterThan(4096);
    local.clock.advance(30 * minuteMs);
    const later = await invoke(both);
    expect(counts(later)).toEqual({
      read: creation["ephemeral_1h_input_tokens"],
      written: creation["ephemeral_5m_input_tokens"],
    });
    const wrong = claudeBody("One?", { system: [marked(words(10)), marked(words(10), "1h")] });
    expect((await refusal(invoke(wrong))).message).toContain("a ttl='1h' cache_control block must not come after");
    const many = claudeBody("One?", { system: Array.from({ length: 5 }, () => marked("x")) });
    expect(await refusal(invoke(many))).toEqual({
      ...{ name: "ValidationException", status: 400 },
      message: "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    });
  });
});

describe("a cachePoint", () => {
  const ask = (modelId: string, more: Partial<ConverseCommandInput> = {}) =>
    client.send(
      new ConverseCommand({
        modelId,
        system: [{ text: words(1500) }, { cachePoint: { type: "default" } }],
        messages: [{ role: "user", content: [{ text: "Hello" }] }],
        ...more,
      }),
    );

  it("of Converse is counted in its usage, headers and metrics", async () => {
    const { usage: first } = await ask(micro);
    const written = first?.cacheWriteInputTokens ?? 0;
    expect(written).toBeGreaterThan(1500);
    expect(first).toMatchObject({ cacheReadInputTokens: 0, cacheDetails: [{ ttl: "5m", inputTokens: written }] });
    const { usage: second } = await ask(micro);
    expect(second).toMatchObject({ cacheReadInputTokens: written, cacheWriteInputTokens: 0 });
    expect(second?.totalTokens).toBe((second?.inputTokens ?? 0) + (second?.outputTokens ?? 0) + written);
    const cloudwatch = new CloudWatchClient({ endpoint: local.url, region: "us-east-1", credentials });
    const sumOf = async (MetricName: string) => {
      const now = local.clock.nowMs();
      const when = { StartTime: new Date(now - minuteMs), EndTime: new Date(now + minuteMs), Period: 60 };
      const what = { Namespace: "AWS/Bedrock", MetricName, Dimensions: [{ Name: "ModelId", Value: micro }] };
      const asked = new GetMetricStatisticsCommand({ ...what, ...when, Statistics: ["Sum"] });
      return (await cloudwatch.send(asked)).Datapoints?.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    };
    expect(await sumOf("CacheWriteInputTokenCount")).toBe(written);
    expect(await sumOf("CacheReadInputTokenCount")).toBe(written);
    expect(await sumOf("InputTokenCount")).toBe((first?.inputTokens ?? 0) + (second?.inputTokens ?? 0));
    cloudwatch.destroy();
  });

  it("of a body of Nova lies in the block, and behind tools it caches for Claude only", async () => {
    const body = {
      messages: [{ role: "user", content: [{ text: words(1500), cachePoint: { type: "default" } }] }],
    };
    const send = async () => {
      const { body: bytes } = await client.send(new InvokeModelCommand({ modelId: micro, body: JSON.stringify(body) }));
      return (JSON.parse(Buffer.from(bytes).toString()) as { usage: Record<string, number> }).usage;
    };
    const { cacheWriteInputTokenCount: written } = await send();
    expect(written).toBeGreaterThan(1500);
    expect(await send()).toMatchObject({ cacheReadInputTokenCount: written, cacheWriteInputTokenCount: 0 });

    const toolSpec = { name: "look", description: words(1500), inputSchema: { json: { type: "object" } } };
    const more = { system: [], toolConfig: { tools: [{ toolSpec }, { cachePoint: { type: "default" as const } }] } };
    expect((await ask(micro, more)).usage?.cacheWriteInputTokens).toBe(0);
    expect((await ask(sonnet, more)).usage?.cacheWriteInputTokens).toBeGreaterThan(1024);
  });

  it("is refused by a model that caches nothing", async () => {
    expect(await refusal(ask("us.meta.llama3-3-70b-instruct-v1:0"))).toMatchObject({
      ...{ name: "AccessDeniedException", status: 403 },
      message: expect.stringContaining("your request did not allow prompt caching") as unknown,
    });
  });
});
