/** Application inference profiles, by the SDK: their life, calls and jobs through them, and the rights that these take. */
import {
  CreateInferenceProfileCommand,
  type CreateInferenceProfileCommandInput,
  DeleteInferenceProfileCommand,
  GetInferenceProfileCommand,
  ListInferenceProfilesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-bedrock";
import { ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBedrockService } from "../../../../src/local/bedrock/service.ts";
import { account, openDoor } from "../../bench.ts";
import { allow, type Enforced, enforce, refusal } from "../../iam/enforced.ts";
import { claudeBody, haiku, type JobBench, makeInput, makeJobBench, minuteMs } from "../job-bench.ts";

const model = "anthropic.claude-haiku-4-5-20251001-v1:0";
const geographic = `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`;
const micro = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0";
const ask = (modelId: string) =>
  new ConverseCommand({ modelId, messages: [{ role: "user", content: [{ text: "Hello" }] }] });

describe("an application inference profile", () => {
  let jobs: JobBench;
  beforeAll(async () => {
    jobs = await makeJobBench();
  });
  afterAll(() => jobs.close());
  const send = async (modelId: string, operation: "converse" | "invoke", body: unknown) => {
    const url = `${jobs.door.url}/model/${encodeURIComponent(modelId)}/${operation}`;
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };
  const converse = (modelId: string) => send(modelId, "converse", { messages: ask(modelId).input.messages });
  const make = async (more: Partial<CreateInferenceProfileCommandInput> = {}): Promise<string> => {
    const input = { inferenceProfileName: "audit", modelSource: { copyFrom: geographic }, ...more };
    const { inferenceProfileArn, status, $metadata } = await jobs.client.send(new CreateInferenceProfileCommand(input));
    expect([status, $metadata.httpStatusCode]).toEqual(["ACTIVE", 201]);
    return inferenceProfileArn ?? "";
  };
  const listOf = async (typeEquals?: "APPLICATION") =>
    (await jobs.client.send(new ListInferenceProfilesCommand({ maxResults: 1000, ...(typeEquals && { typeEquals }) })))
      .inferenceProfileSummaries ?? [];

  it("is made, read, listed and removed", async () => {
    const arn = await make({ description: "Team audit", clientRequestToken: "once" });
    expect(arn).toMatch(/^arn:aws:bedrock:us-east-1:123456789012:application-inference-profile\/[a-z0-9]{12}$/);
    expect(await make({ clientRequestToken: "once" })).toBe(arn);
    const id = arn.split("/")[1] ?? "";
    for (const inferenceProfileIdentifier of [arn, id]) {
      expect(await jobs.client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }))).toMatchObject({
        ...{ inferenceProfileArn: arn, inferenceProfileId: id, type: "APPLICATION", status: "ACTIVE" },
        ...{ inferenceProfileName: "audit", description: "Team audit" },
        models: ["us-east-1", "us-east-2", "us-west-2"].map((region) => ({
          modelArn: `arn:aws:bedrock:${region}::foundation-model/${model}`,
        })),
      });
    }
    expect((await listOf("APPLICATION")).map(({ inferenceProfileArn }) => inferenceProfileArn)).toEqual([arn]);
    expect((await listOf()).filter(({ type }) => type !== "SYSTEM_DEFINED")).toEqual([]);
    const again = makeBedrockService(jobs.bench.world);
    const door = await openDoor([again]);
    const kept = await fetch(`${door.url}/inference-profiles/${id}`);
    expect(await kept.json()).toMatchObject({ inferenceProfileArn: arn });
    await again.close();
    await door.close();
    await jobs.client.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: id }));
    expect(await listOf("APPLICATION")).toEqual([]);
    expect((await converse(arn)).status).toBe(400);
    const gone = jobs.client.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: id }));
    expect(await refusal(gone)).toMatchObject({ name: "ResourceNotFoundException", status: 404 });
  });

  it("has tags", async () => {
    const resourceARN = await make({ tags: [{ key: "team", value: "audit" }] });
    await jobs.client.send(new TagResourceCommand({ resourceARN, tags: [{ key: "cost", value: "1" }] }));
    await jobs.client.send(new UntagResourceCommand({ resourceARN, tagKeys: ["team"] }));
    const { tags } = await jobs.client.send(new ListTagsForResourceCommand({ resourceARN }));
    expect(tags).toEqual([{ key: "cost", value: "1" }]);
  });

  it.each([
    ["a model of another region", micro.replace("us-east-1", "us-west-2"), "model identifier is invalid"],
    ["a model that needs a profile", `arn:aws:bedrock:us-east-1::foundation-model/${model}`, "inference profile"],
    ["an embedding model", "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0", "not supported"],
  ])("is not made of %s", async (_said, copyFrom, words) => {
    const found = await refusal(
      jobs.client.send(new CreateInferenceProfileCommand({ inferenceProfileName: "x", modelSource: { copyFrom } })),
    );
    expect(found).toMatchObject({ name: "ValidationException", message: expect.stringContaining(words) as unknown });
  });

  it("answers calls and jobs as the model behind it, which a job keeps when the profile goes", async () => {
    const arn = await make();
    expect((await converse(arn)).answer).toMatchObject({ stopReason: "end_turn" });
    const { answer } = await send(arn, "invoke", claudeBody("Hello"));
    expect(answer).toMatchObject({ model: "claude-haiku-4-5-20251001" });
    // The bare id is no model's id.
    expect((await converse(arn.split("/")[1] ?? "")).status).toBe(400);

    jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(100));
    const jobArn = await jobs.create({ modelId: arn });
    expect((await jobs.get(jobArn)).modelId).toBe(arn);
    await jobs.client.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: arn }));
    await jobs.step(60 * minuteMs);
    expect(await jobs.get(jobArn)).toMatchObject({ status: "Completed", successRecordCount: 100, modelId: arn });
  });

  it("of a model in one region goes there", async () => {
    const arn = await make({ modelSource: { copyFrom: micro } });
    const found = await jobs.client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: arn }));
    expect(found.models).toEqual([{ modelArn: micro }]);
  });
});

describe("where IAM is enforced", () => {
  let service: Enforced;
  let arn: string;
  beforeAll(async () => {
    service = await enforce();
    const input = { inferenceProfileName: "audit", modelSource: { copyFrom: geographic } };
    arn = (await service.admin.bedrock.send(new CreateInferenceProfileCommand(input))).inferenceProfileArn ?? "";
  });
  afterAll(() => service.close());

  it("a call takes the right to the profile and to the model in every region behind it, and none to its source", async () => {
    const jane = await service.makeUser("jane", allow("bedrock:InvokeModel", arn));
    const behind = `arn:aws:bedrock:us-east-1::foundation-model/${model}`;
    expect((await refusal(jane.runtime.send(ask(arn)))).message).toContain(`on resource: ${behind}`);
    const Condition = { StringEquals: { "bedrock:InferenceProfileArn": arn } };
    await service.setUser(
      "jane",
      allow("bedrock:InvokeModel", arn),
      allow("bedrock:InvokeModel", `arn:aws:bedrock:*::foundation-model/${model}`, { Condition }),
    );
    expect((await jane.runtime.send(ask(arn))).stopReason).toBe("end_turn");
    expect((await refusal(jane.runtime.send(ask(haiku)))).message).toContain(`on resource: ${geographic}`);
  });

  it("making one takes the right to its source and to profiles", async () => {
    const input = { inferenceProfileName: "mine", modelSource: { copyFrom: geographic } };
    const joe = await service.makeUser("joe", allow("bedrock:CreateInferenceProfile", geographic));
    const profiles = `arn:aws:bedrock:us-east-1:${account}:application-inference-profile/*`;
    const make = () => joe.bedrock.send(new CreateInferenceProfileCommand(input));
    expect((await refusal(make())).message).toContain(`bedrock:CreateInferenceProfile on resource: ${profiles}`);
    await service.setUser("joe", allow("bedrock:CreateInferenceProfile", [geographic, profiles]));
    const made = (await make()).inferenceProfileArn ?? "";
    const remove = joe.bedrock.send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: made }));
    expect((await refusal(remove)).message).toContain(`bedrock:DeleteInferenceProfile on resource: ${made}`);
  });
});
