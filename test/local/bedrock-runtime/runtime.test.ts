import { request } from "node:http";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSteppedClock, type SteppedClock } from "../../../src/local/clock.ts";
import { type LocalServer, startLocal } from "../../../src/local/start-local.ts";
import { claudeBody, haiku } from "../bedrock/job-bench.ts";
import { credentials, startMs } from "../bench.ts";

let local: LocalServer<SteppedClock>;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  local = await startLocal({
    clock: makeSteppedClock(startMs),
    runtimeLimits: { requestsPerMinute: 120, tokensPerMinute: 3000 },
  });
  // The client speaks HTTP/2 with prior knowledge, as it does to every http:// endpoint.
  client = new BedrockRuntimeClient({ endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await local.close();
});

const invoke = async (body: unknown, modelId = haiku) => {
  const { body: bytes, contentType } = await client.send(
    new InvokeModelCommand({ modelId, body: JSON.stringify(body), contentType: "application/json" }),
  );
  return { contentType, answer: JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown> };
};

/** One exchange over HTTP/1.1, with its headers. */
const post = (
  path: string,
  body: unknown,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `${local.url}${path}`,
      { method: "POST", headers: { "content-type": "application/json" } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });

describe("InvokeModel", () => {
  it("answers over HTTP/2 in the model's own shape", async () => {
    const { answer, contentType } = await invoke(claudeBody("Hi"));
    expect(contentType).toBe("application/json");
    expect(answer).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn" });
  });

  it("answers over HTTP/1.1 with token counts and latency as headers", async () => {
    const { status, headers, text } = await post(`/model/${encodeURIComponent(haiku)}/invoke`, claudeBody("Hi"));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "x-amzn-bedrock-input-token-count": "8",
      "x-amzn-bedrock-output-token-count": expect.stringMatching(/^\d+$/) as unknown,
      "x-amzn-bedrock-invocation-latency": expect.stringMatching(/^[1-9]\d*$/) as unknown,
      "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
    expect(text).not.toContain("\n");
  });

  it.each([
    ["anthropic.claude-haiku-4-5-20251001-v1:0", /with on-demand throughput isn’t supported/],
    ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", /The provided model identifier is invalid/],
    ["anthropic.nothing-v1:0", /The provided model identifier is invalid/],
  ])("refuses %s", async (modelId, message) => {
    await expect(invoke(claudeBody("Hi"), modelId)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message) as unknown,
    });
  });

  it("takes a profile's and a model's ARN, percent-encoded", async () => {
    await expect(
      invoke(claudeBody("Hi"), `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${haiku}`),
    ).resolves.toHaveProperty("answer.id");
    const nova = { messages: [{ role: "user", content: [{ text: "Hi" }] }] };
    await expect(
      invoke(nova, "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0"),
    ).resolves.toHaveProperty("answer.output");
  });

  it("refuses a body in AWS's words", async () => {
    await expect(invoke({ messages: [] })).rejects.toMatchObject({
      name: "ValidationException",
      message: "anthropic_version: Field required",
    });
    const { status, headers } = await post(`/model/${encodeURIComponent(haiku)}/invoke`, "text");
    expect(status).toBe(400);
    expect(headers["x-amzn-errortype"]).toBe(
      "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/",
    );
  });
});

describe("Converse", () => {
  it("answers in its one shape", async () => {
    const answer = await client.send(
      new ConverseCommand({
        modelId: "amazon.nova-micro-v1:0",
        messages: [{ role: "user", content: [{ text: "Hi" }] }],
        inferenceConfig: { maxTokens: 50 },
      }),
    );
    expect(answer.output?.message?.content).toEqual([
      { text: expect.stringMatching(/^This is a simulated answer/) as unknown },
    ]);
    expect(answer.stopReason).toBe("end_turn");
    expect(answer.usage?.totalTokens).toBe((answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0));
    expect(answer.metrics?.latencyMs).toBeGreaterThan(0);
  });

  it("refuses what breaks the rules of a conversation, and what its table forbids", async () => {
    const send = (input: Partial<ConverseCommandInput>) =>
      client.send(new ConverseCommand({ modelId: "amazon.nova-micro-v1:0", ...input }));
    await expect(send({ messages: [{ role: "user", content: [] }] })).rejects.toMatchObject({
      message: expect.stringContaining("messages.0 is empty") as unknown,
    });
    await expect(
      send({ messages: [{ role: "user", content: [{ text: "Hi" }] }], toolConfig: { tools: [] } }),
    ).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
  });
});

describe("CountTokens", () => {
  const count = (modelId: string, input: object) => client.send(new CountTokensCommand({ modelId, input } as never));
  it("counts what an answer's usage would say, for both shapes", async () => {
    const sonnet = "anthropic.claude-sonnet-4-6";
    const { inputTokens } = await count(sonnet, {
      invokeModel: { body: Buffer.from(JSON.stringify(claudeBody("Count these words"))) },
    });
    const { answer } = await invoke(claudeBody("Count these words"), `us.${sonnet}`);
    expect(answer["usage"]).toMatchObject({ input_tokens: inputTokens });
    expect(
      (await count(sonnet, { converse: { messages: [{ role: "user", content: [{ text: "Count these words" }] }] } }))
        .inputTokens,
    ).toBe(inputTokens);
  });

  it("refuses profiles and models that do not count, as recorded", async () => {
    const input = { converse: { messages: [{ role: "user", content: [{ text: "Hi" }] }] } };
    for (const modelId of ["us.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet-5", "amazon.nova-micro-v1:0"]) {
      await expect(count(modelId, input)).rejects.toMatchObject({
        message: "The provided model doesn't support counting tokens.",
      });
    }
    await expect(count("anthropic.nothing", input)).rejects.toMatchObject({
      message: "The provided model identifier is invalid.",
    });
  });
});

describe("what is not built", () => {
  it("says so by name, and is not tried again", async () => {
    const messages = [{ role: "user" as const, content: [{ text: "Hi" }] }];
    await expect(client.send(new ConverseStreamCommand({ modelId: haiku, messages }))).rejects.toMatchObject({
      name: "NotImplementedException",
      message: "ConverseStream is not built in the local service.",
      $metadata: { httpStatusCode: 501 },
    });
    await expect(
      client.send(new InvokeModelWithResponseStreamCommand({ modelId: haiku, body: JSON.stringify(claudeBody("Hi")) })),
    ).rejects.toMatchObject({ name: "NotImplementedException" });
    expect((await post("/guardrails", {})).status).toBe(501);
    expect((await post("/model/x/dance", {})).status).toBe(404);
  });
});

describe("limits", () => {
  const modelId = "us.anthropic.claude-opus-5";
  const spend = (maxTokens: number) => invoke(claudeBody("word ".repeat(maxTokens)), modelId);

  it("throttle by tokens until time has gone by", async () => {
    await spend(3000);
    await expect(spend(1)).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Too many tokens, please wait before trying again.",
      $metadata: { httpStatusCode: 429 },
    });
    local.clock.advance(60_000);
    await expect(spend(1)).resolves.toHaveProperty("answer.id");
  });

  it("throttle by requests, each model for itself", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 130 }, () => invoke(claudeBody("a"), "us.anthropic.claude-sonnet-4-6")),
    );
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.reason).toMatchObject({ name: "ThrottlingException" });
    await expect(invoke(claudeBody("a"), haiku)).resolves.toHaveProperty("answer.id");
  });

  it("are measured in CloudWatch", async () => {
    const metrics = new CloudWatchClient({ endpoint: local.url, region: "us-east-1", credentials });
    const sum = async (MetricName: string): Promise<number> => {
      const { Datapoints = [] } = await metrics.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/Bedrock",
          MetricName,
          Dimensions: [{ Name: "ModelId", Value: modelId }],
          Period: 3600,
          Statistics: ["Sum"],
          StartTime: new Date(startMs - 60_000),
          EndTime: new Date(startMs + 600_000),
        }),
      );
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    };
    expect(await sum("Invocations")).toBe(2);
    expect(await sum("InvocationThrottles")).toBe(1);
    expect(await sum("InputTokenCount")).toBeGreaterThan(3000);
    metrics.destroy();
  });
});
