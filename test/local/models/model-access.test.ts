import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetFoundationModelAvailabilityCommand,
  GetUseCaseForModelAccessCommand,
} from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../../src/local/index.ts";
import { modelLacks, parseModelAccess } from "../../../src/local/models/model-access.ts";
import { refusal } from "../iam/enforced.ts";

const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const nova = "amazon.nova-lite-v1:0";

async function open(...modelAccess: string[]) {
  const local = await startLocal({ modelAccess });
  const config = {
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  };
  const clients = { bedrock: new BedrockClient(config), runtime: new BedrockRuntimeClient(config) };
  onTestFinished(async () => {
    clients.bedrock.destroy();
    clients.runtime.destroy();
    await local.close();
  });
  const job = (modelId: string) =>
    clients.bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: "a-job",
        roleArn: "arn:aws:iam::123456789012:role/batch",
        modelId,
        inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://data/in/" } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://data/out/" } },
      }),
    );
  const ask = (modelId: string) =>
    clients.runtime.send(new ConverseCommand({ modelId, messages: [{ role: "user", content: [{ text: "Hello" }] }] }));
  const look = (modelId: string) => clients.bedrock.send(new GetFoundationModelAvailabilityCommand({ modelId }));
  return { ...clients, job, ask, look };
}

describe("a model that the account lacks something of", () => {
  it.each([
    ["agreement", "AccessDeniedException", { agreementAvailability: { status: "NOT_AVAILABLE" } }],
    ["pending-agreement", "AccessDeniedException", { agreementAvailability: { status: "PENDING" } }],
    ["use-case-form", "ResourceNotFoundException", { authorizationStatus: "NOT_AUTHORIZED" }],
    ["entitlement", "ValidationException", { entitlementAvailability: "NOT_AVAILABLE" }],
    ["authorization", "AccessDeniedException", { authorizationStatus: "NOT_AUTHORIZED" }],
  ] as const)("by %s is refused in jobs and on demand, and its availability says so", async (lack, type, said) => {
    const { job, ask, look } = await open(`${haiku}:${lack}`);
    expect((await refusal(job(`us.${haiku}`))).name).toBe(type);
    expect((await refusal(ask(`us.${haiku}`))).name).toBe(type);
    expect(await look(haiku)).toMatchObject(said);
    // Another model is as before.
    expect((await ask(`us.${nova}`)).output?.message?.role).toBe("assistant");
    expect(await look(nova)).toMatchObject({ authorizationStatus: "AUTHORIZED", entitlementAvailability: "AVAILABLE" });
  });

  it("has a form that was sent unless it was told to lack it, and only Anthropic's models want one", async () => {
    const { bedrock } = await open();
    expect((await bedrock.send(new GetUseCaseForModelAccessCommand({}))).formData?.length).toBeGreaterThan(0);
    const without = await open("use-case-form");
    expect((await refusal(without.bedrock.send(new GetUseCaseForModelAccessCommand({})))).name).toBe(
      "ResourceNotFoundException",
    );
    expect((await refusal(without.job(`us.${haiku}`))).message).toContain("use case details have not been submitted");
    expect((await without.ask(`us.${nova}`)).stopReason).toBe("end_turn");
  });

  it("is told by settings that can be read, or refused with what there is", () => {
    for (const lack of modelLacks) expect(() => parseModelAccess([lack, `${nova}:${lack}`])).not.toThrow();
    expect(() => parseModelAccess(["nothing"])).toThrow(/nothing is no model access setting; .*use-case-form/);
  });
});
