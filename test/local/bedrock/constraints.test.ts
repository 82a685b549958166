import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BedrockKind } from "../../../src/local/bedrock/operation.ts";
import { bedrockOperations } from "../../../src/local/bedrock/operations.ts";
import { type BedrockService, makeBedrockService } from "../../../src/local/bedrock/service.ts";
import { runtimeOperations } from "../../../src/local/bedrock-runtime/operations.ts";
import type { Operation } from "../../../src/local/operation.ts";
import { account, type Bench, type Door, makeBench, openDoor, removeBench } from "../bench.ts";
import { casesOf } from "../constraint-cases.ts";

const jobArn = `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/abcdefghij12`;
const key = "a".repeat(36);

/** A valid value for every member of every table. */
const valid: Readonly<Record<string, Record<string, unknown>>> = {
  CreateModelInvocationJob: {
    jobName: "nightly-01",
    roleArn: `arn:aws:iam::${account}:role/BatchRole`,
    clientRequestToken: "token-1",
    modelId: "amazon.nova-micro-v1:0",
    inputDataConfig: {
      s3InputDataConfig: { s3InputFormat: "JSONL", s3Uri: "s3://bucket/in/a.jsonl", s3BucketOwner: account },
    },
    outputDataConfig: {
      s3OutputDataConfig: { s3Uri: "s3://bucket/out/", s3EncryptionKeyId: key, s3BucketOwner: account },
    },
    vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
    timeoutDurationInHours: 48,
    tags: [{ key: "team", value: "audit" }],
    modelInvocationType: "InvokeModel",
  },
  GetModelInvocationJob: { jobIdentifier: jobArn },
  StopModelInvocationJob: { jobIdentifier: jobArn },
  ListModelInvocationJobs: { nameContains: "night", maxResults: 10, nextToken: "eyJhZnRlciI6WzAsImEiXX0" },
  ListTagsForResource: { resourceARN: jobArn },
  TagResource: { resourceARN: jobArn, tags: [{ key: "team", value: "audit" }] },
  UntagResource: { resourceARN: jobArn, tagKeys: ["team"] },
  ListFoundationModels: { byProvider: "Anthropic" },
  GetFoundationModel: { modelIdentifier: "amazon.nova-micro-v1:0" },
  GetFoundationModelAvailability: { modelId: "amazon.nova-micro-v1:0" },
  ListInferenceProfiles: { maxResults: 10, nextToken: "eyJhZnRlciI6ImEifQ" },
  GetInferenceProfile: { inferenceProfileIdentifier: "us.amazon.nova-micro-v1:0" },
  CreateInferenceProfile: {
    inferenceProfileName: "audit",
    description: "Team audit",
    clientRequestToken: "token-1",
    modelSource: { copyFrom: "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0" },
    tags: [{ key: "team", value: "audit" }],
  },
  DeleteInferenceProfile: { inferenceProfileIdentifier: "abcdefghij12" },
  GetUseCaseForModelAccess: {},
  InvokeModel: { modelId: "amazon.nova-micro-v1:0" },
  Converse: {
    modelId: "amazon.nova-micro-v1:0",
    messages: [{ role: "user", content: [{ text: "Hi" }] }],
    system: [{ text: "Be brief" }],
    inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.5, stopSequences: ["STOP"] },
    toolConfig: { tools: [{ toolSpec: { name: "look", description: "Looks", inputSchema: { json: {} } } }] },
    additionalModelResponseFieldPaths: ["/stop_sequence"],
  },
  CountTokens: {
    modelId: "anthropic.claude-sonnet-4-6",
    input: { converse: { messages: [{ role: "user", content: [{ text: "Hi" }] }] } },
  },
};

let bench: Bench;
let service: BedrockService;
let door: Door;
beforeAll(async () => {
  bench = await makeBench();
  service = makeBedrockService(bench.world);
  door = await openDoor([service]);
});
afterAll(async () => {
  await service.close();
  await door.close();
  await removeBench(bench);
});

async function send(
  operation: Operation<BedrockKind>,
  input: Record<string, unknown>,
): Promise<{ type: string; status: number; message: string }> {
  const body: Record<string, unknown> = {};
  const query = new URLSearchParams();
  const headers: Record<string, string> = { "content-type": "application/json" };
  let path = operation.wire.path;
  for (const [name, value] of Object.entries(input)) {
    const member = operation.input.members[name];
    if (member?.in === "path") path = path.replace(`{${name}}`, encodeURIComponent(String(value)));
    else if (member?.in === "query") query.set(member.wireName ?? name, String(value));
    else if (member?.in === "header") headers[member.wireName ?? name] = String(value);
    else body[name] = value;
  }
  const hasBody = operation.wire.method !== "GET";
  const response = await fetch(`${door.url}${path}${query.size > 0 ? `?${query.toString()}` : ""}`, {
    method: operation.wire.method,
    headers,
    ...(hasBody && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { message?: string };
  return {
    type: response.headers.get("x-amzn-errortype")?.split(":")[0] ?? "",
    status: response.status,
    message: answer.message ?? "",
  };
}

describe.each([...bedrockOperations.operations, ...runtimeOperations.operations])("$name", (operation) => {
  const start = valid[operation.name] ?? {};
  const cases = [...casesOf(operation.input, start)];

  it("takes the valid input that its cases are made from", async () => {
    expect(valid).toHaveProperty(operation.name);
    const { message, type } = await send(operation, start);
    expect(message).not.toContain("validation error");
    expect(type).not.toBe("SerializationException");
  });

  for (const { title, input, expected } of cases) {
    it(`${expected === undefined ? "takes" : "refuses"} an input whose ${title}`, async () => {
      const { type, status, message } = await send(operation, input as Record<string, unknown>);
      if (expected === undefined) {
        expect(message).not.toContain("validation error");
        expect(type).not.toBe("SerializationException");
      } else if (expected === "mistyped") {
        expect({ type, status }).toEqual({ type: "SerializationException", status: 400 });
      } else {
        expect({ type, status }).toEqual({ type: "ValidationException", status: 400 });
        expect(message).toMatch(/^\d+ validation errors? detected: Value /);
        expect(message).toContain(`failed to satisfy constraint: Member must ${expected}`);
      }
    });
  }
});

it("makes cases from every table", () => {
  const count = [...bedrockOperations.operations, ...runtimeOperations.operations].flatMap(({ name, input }) => [
    ...casesOf(input, valid[name] ?? {}),
  ]).length;
  expect(count).toBeGreaterThan(200);
});
