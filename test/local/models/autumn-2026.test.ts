/** What the newest official clients send, and what late models refuse, at the local service: docs/sources-2026-11.md. */
import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { CreateBucketCommand, GetBucketAclCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { describe, expect, it, onTestFinished } from "vitest";
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
