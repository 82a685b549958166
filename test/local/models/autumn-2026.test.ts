/** What the newest official clients send, and what late models refuse, at the local service: docs/sources-2026-11.md. */
import { BedrockClient, CreateModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { CreateBucketCommand, GetBucketAclCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeSteppedClock } from "../../../src/local/clock.ts";
import { startLocal } from "../../../src/local/index.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

async function open() {
  const server = await startLocal({ speed: 6000, seed: 1 });
  const config = { region: "us-east-1", endpoint: server.url, credentials };
  const runtime = new BedrockRuntimeClient({ ...config, requestHandler: new NodeHttpHandler() });
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  onTestFinished(async () => {
    runtime.destroy();
    s3.destroy();
    await server.close();
  });
  const invoke = async (modelId: string, body: object): Promise<string> => {
    try {
      const { body: answer } = await runtime.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }));
      return Buffer.from(answer).toString("utf8");
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { runtime, s3, invoke };
}

const claude = (more: object) => ({
  ...{ anthropic_version: "bedrock-2023-05-31", max_tokens: 4000, messages: [{ role: "user", content: "Hi" }] },
  ...more,
});

describe("requests of autumn 2026", () => {
  it.each([
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", { anthropic_version: "2023-06-01" }, /"type":"message"/],
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", { anthropic_version: "2023-01-01" }, /anthropic_version/],
    [
      "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      { thinking: { type: "enabled", budget_tokens: 2000 } },
      /"type":"message"/,
    ],
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", { thinking: { type: "adaptive" } }, /not supported/],
    ["us.anthropic.claude-haiku-4-5-20251001-v1:0", { output_config: { effort: "low" } }, /effort: Extra inputs/],
    [
      "us.anthropic.claude-opus-5",
      { thinking: { type: "disabled" }, output_config: { effort: "high" } },
      /"type":"message"/,
    ],
    [
      "us.anthropic.claude-opus-5",
      { thinking: { type: "disabled" }, output_config: { effort: "max" } },
      /thinking is disabled/,
    ],
    ["us.anthropic.claude-opus-5-5", { thinking: { type: "disabled" } }, /not supported/],
    [
      "us.anthropic.claude-haiku-5-5",
      { thinking: { type: "enabled", budget_tokens: 2000 } },
      /Use "thinking.type.adaptive"/,
    ],
    [
      "us.anthropic.claude-haiku-5-5",
      { output_config: { format: { type: "json_schema", schema: {} } } },
      /format: Extra inputs/,
    ],
  ])("%s with %j", async (model, more, words) => {
    const { invoke } = await open();
    expect(await invoke(model, claude(more))).toMatch(words);
  });

  it("of Nova may have additionalModelRequestFields, in its own body and in Converse", async () => {
    const { runtime, invoke } = await open();
    const fields = { reasoningConfig: { type: "enabled", maxReasoningEffort: "low" } };
    const messages = [{ role: "user" as const, content: [{ text: "Hi" }] }];
    const model = "us.amazon.nova-2-lite-v1:0";
    expect(await invoke(model, { messages, additionalModelRequestFields: fields })).toContain('"stopReason"');
    const { stopReason } = await runtime.send(
      new ConverseCommand({ modelId: model, messages, additionalModelRequestFields: fields }),
    );
    expect(stopReason).toBe("end_turn");
  });

  it("of S3 get a bucket's ARN, and no display name of its owner", async () => {
    const { s3 } = await open();
    await s3.send(new CreateBucketCommand({ Bucket: "my-bucket" }));
    const { Buckets: [bucket] = [], Owner: owner } = await s3.send(new ListBucketsCommand({}));
    expect(bucket).toMatchObject({ Name: "my-bucket", BucketArn: "arn:aws:s3:::my-bucket" });
    expect(owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(owner?.DisplayName).toBeUndefined();
    const acl = await s3.send(new GetBucketAclCommand({ Bucket: "my-bucket" }));
    expect(acl.Grants?.[0]?.Grantee?.DisplayName).toBeUndefined();
  });
});

describe("Cohere Embed", () => {
  it("answers each text with a vector, in the forms that are asked", async () => {
    const { invoke } = await open();
    const ask = async (id: string, more: object) =>
      JSON.parse(
        await invoke(`cohere.embed-${id}`, { texts: ["a dog", "a cat"], input_type: "search_query", ...more }),
      );
    const v3 = await ask("english-v3", {});
    expect(v3).toMatchObject({ id: expect.any(String), response_type: "embeddings_floats", texts: ["a dog", "a cat"] });
    expect(v3.embeddings.map((each: number[]) => each.length)).toEqual([1024, 1024]);
    expect(v3.embeddings[0]).not.toEqual(v3.embeddings[1]);
    const v4 = await ask("v4:0", { embedding_types: ["int8", "ubinary"], output_dimension: 256 });
    expect(v4.response_type).toBe("embeddings_by_type");
    expect(v4.embeddings.int8.map((each: number[]) => each.length)).toEqual([256, 256]);
    expect(v4.embeddings.ubinary[0]).toHaveLength(32);
    expect((await ask("v4:0", {})).embeddings[0]).toHaveLength(1536);
  });

  it("takes the mixed form of v4, and refuses what does not fit", async () => {
    const { invoke } = await open();
    const inputs = [{ content: [{ type: "text", text: "a page" }] }];
    const mixed = JSON.parse(await invoke("cohere.embed-v4:0", { inputs, input_type: "search_document" }));
    expect([mixed.embeddings.length, mixed.inputs]).toEqual([1, inputs]);
    for (const [body, words] of [
      [{ texts: ["a"] }, /required key \[input_type\] not found/],
      [{ texts: ["a"], input_type: "odd" }, /#\/input_type/],
      [{ texts: ["a"], input_type: "clustering", truncate: "LEFT" }, /#\/truncate/],
      [{ texts: ["a"], input_type: "clustering", output_dimension: 256 }, /output_dimension/],
      [{ texts: [], input_type: "clustering" }, /valid texts must be provided/],
      [{ texts: Array.from({ length: 97 }, String), input_type: "clustering" }, /at most 96/],
    ] as const)
      expect(await invoke("cohere.embed-english-v3", body)).toMatch(words);
  });
});

describe("a model that has ended", () => {
  it.each([
    "us.amazon.nova-premier-v1:0",
    "us.anthropic.claude-3-5-haiku-20241022-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "us.meta.llama3-2-1b-instruct-v1:0",
  ])("is refused in AWS's words: %s", async (modelId) => {
    const clock = makeSteppedClock(Date.UTC(2026, 10, 30));
    const server = await startLocal({ clock, seed: 1 });
    onTestFinished(() => server.close());
    const config = { region: "us-east-1", endpoint: server.url, credentials };
    const runtime = new BedrockRuntimeClient({ ...config, requestHandler: new NodeHttpHandler() });
    const bedrock = new BedrockClient(config);
    onTestFinished(() => runtime.destroy());
    onTestFinished(() => bedrock.destroy());
    const job = new CreateModelInvocationJobCommand({
      ...{ jobName: "ended", modelId, roleArn: "arn:aws:iam::123456789012:role/BatchRole" },
      inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://bucket/in.jsonl" } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://bucket/out/" } },
    });
    for (const call of [
      () => runtime.send(new InvokeModelCommand({ modelId, body: "{}" })),
      () => runtime.send(new ConverseCommand({ modelId, messages: [{ role: "user", content: [{ text: "Hi" }] }] })),
    ])
      await expect(call()).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        message: expect.stringContaining("reached the end of its life"),
      });
    await expect(bedrock.send(job)).rejects.toThrow(/reached the end of its life|Batch inference is not supported/);
  });
});
