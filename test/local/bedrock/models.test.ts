import {
  type BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
  ListFoundationModelsCommand,
  type ListFoundationModelsCommandInput,
  ListGuardrailsCommand,
  ListInferenceProfilesCommand,
  paginateListInferenceProfiles,
} from "@aws-sdk/client-bedrock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasProfile } from "../../../src/local/models/answers/reference.ts";
import { catalogue } from "../../../src/local/models/catalogue.ts";
import { findFamily } from "../../../src/local/models/families/index.ts";
import { geographies } from "../../../src/local/models/profiles.ts";
import { allRegions } from "../../../src/local/models/regions.ts";
import { quotaCodes } from "../../../src/local/service-quotas/quota-codes.ts";
import { account } from "../bench.ts";
import { haiku, type JobBench, makeJobBench } from "./job-bench.ts";

let jobs: JobBench;
let client: BedrockClient;
beforeAll(async () => {
  jobs = await makeJobBench();
  client = jobs.client;
});
afterAll(() => jobs.close());

const list = async (input: ListFoundationModelsCommandInput, of = client): Promise<(string | undefined)[]> =>
  ((await of.send(new ListFoundationModelsCommand(input))).modelSummaries ?? []).map(({ modelId }) => modelId);

describe("ListFoundationModels", () => {
  it("knows the region's models, and filters", async () => {
    expect((await list({})).length).toBeGreaterThan(50);
    expect(await list({ byProvider: "anthropic" })).toContain("anthropic.claude-opus-5");
    expect(await list({ byProvider: "Amazon", byOutputModality: "EMBEDDING" })).toEqual(
      expect.arrayContaining(["amazon.titan-embed-text-v2:0", "amazon.nova-2-multimodal-embeddings-v1:0"]),
    );
    expect(await list({ byInferenceType: "ON_DEMAND", byProvider: "Anthropic" })).not.toContain(
      "anthropic.claude-opus-5",
    );
    expect(await list({ byCustomizationType: "FINE_TUNING" })).toEqual([]);
    expect(await list({ byProvider: "Amazon" }, jobs.clientOf("eu-west-2"))).not.toContain("amazon.nova-lite-v1:0");
  });
});

describe("a model", () => {
  it("is described by id and by ARN", async () => {
    for (const modelIdentifier of [
      "anthropic.claude-opus-5",
      "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5",
    ]) {
      const { modelDetails } = await client.send(new GetFoundationModelCommand({ modelIdentifier }));
      expect(modelDetails).toMatchObject({
        modelArn: "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5",
        modelName: "Claude Opus 5",
        providerName: "Anthropic",
        modelLifecycle: { status: "ACTIVE" },
      });
      expect(modelDetails?.inferenceTypesSupported).not.toContain("ON_DEMAND");
    }
    await expect(
      client.send(new GetFoundationModelCommand({ modelIdentifier: "anthropic.claude-9" })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: "The provided model identifier is invalid.",
    });
  });

  it("is available where its region has it", async () => {
    const of = async (region: string) =>
      (
        await jobs
          .clientOf(region)
          .send(new GetFoundationModelAvailabilityCommand({ modelId: "amazon.nova-premier-v1:0" }))
      ).regionAvailability;
    expect(await of("us-east-1")).toBe("AVAILABLE");
    expect(await of("eu-west-1")).toBe("NOT_AVAILABLE");
  });
});

describe("inference profiles", () => {
  it("are those that the region can send to", async () => {
    const ids = async (of: BedrockClient): Promise<string[]> => {
      const found: string[] = [];
      for await (const page of paginateListInferenceProfiles(
        { client: of, pageSize: 10 },
        { typeEquals: "SYSTEM_DEFINED" },
      )) {
        found.push(...(page.inferenceProfileSummaries ?? []).map(({ inferenceProfileId = "" }) => inferenceProfileId));
      }
      return found;
    };
    const american = await ids(client);
    expect(american).toEqual(expect.arrayContaining([haiku, haiku.replace("us.", "global.")]));
    expect(new Set(american.map((id) => id.split(".")[0]))).toEqual(new Set(["us", "global"]));
    expect(new Set((await ids(jobs.clientOf("ap-northeast-1"))).map((id) => id.split(".")[0]))).toEqual(
      new Set(["apac", "jp", "global"]),
    );
  });

  it("are told by the model and the region together: no prefix is there for all models", async () => {
    const listed = async (region: string): Promise<string[]> => {
      const { inferenceProfileSummaries = [] } = await jobs
        .clientOf(region)
        .send(new ListInferenceProfilesCommand({ maxResults: 1000 }));
      return inferenceProfileSummaries.map(({ inferenceProfileId = "" }) => inferenceProfileId);
    };
    const opus = "anthropic.claude-opus-5";
    const tokyo = await listed("ap-northeast-1");
    expect(tokyo.filter((id) => id.endsWith(opus))).toEqual([`global.${opus}`]);
    expect(tokyo).toContain("jp.anthropic.claude-sonnet-4-6");
    const canada = await listed("ca-central-1");
    expect(canada.filter((id) => id.includes("nova-lite-v1"))).toEqual(["ca.amazon.nova-lite-v1:0"]);
    expect(canada).toContain(`us.${opus}`);
    expect((await listed("mx-central-1")).filter((id) => !id.startsWith("global."))).toEqual([]);
    expect((await listed("me-central-1")).filter((id) => id.includes("nova-"))).toEqual([
      "global.amazon.nova-2-lite-v1:0",
    ]);
    const of = (region: string, inferenceProfileIdentifier: string) =>
      jobs.clientOf(region).send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }));
    await expect(of("ap-northeast-1", `jp.${opus}`)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const regionsOf = async (region: string, id: string): Promise<string[]> =>
      ((await of(region, id)).models ?? []).map(({ modelArn = "" }) => modelArn.split(":")[3] ?? "");
    // A source that is no destination of the others is one of its own; Nova's European profile has fewer.
    expect(await regionsOf("us-west-1", `us.${opus}`)).toEqual(["us-east-1", "us-east-2", "us-west-1", "us-west-2"]);
    expect(await regionsOf("eu-west-1", "eu.amazon.nova-lite-v1:0")).toEqual([
      ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"],
    ]);
  });

  it("name the model in every region that they send to, the global one in none", async () => {
    const get = (inferenceProfileIdentifier: string) =>
      client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier }));
    const model = "foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0";
    expect(await get(haiku)).toMatchObject({
      inferenceProfileArn: `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`,
      type: "SYSTEM_DEFINED",
      status: "ACTIVE",
      models: ["us-east-1", "us-east-2", "us-west-2"].map((region) => ({
        modelArn: `arn:aws:bedrock:${region}::${model}`,
      })),
    });
    const { models } = await get(
      `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku.replace("us.", "global.")}`,
    );
    expect(models).toEqual([
      { modelArn: `arn:aws:bedrock:us-east-1::${model}` },
      { modelArn: `arn:aws:bedrock:::${model}` },
    ]);
    await expect(get(haiku.replace("us.", "eu."))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe("the tables of models", () => {
  it("give every model an id of its own, a family where it runs in batch, and a profile from each source region", () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const model of catalogue.filter(({ batch }) => batch)) {
      expect(findFamily(model.family), model.id).toBeDefined();
      expect(
        quotaCodes.some(({ label }) => label === model.quotaLabel),
        model.id,
      ).toBe(true);
      expect(model.regions.length + model.profileRegions.length, model.id).toBeGreaterThan(0);
      expect(
        Object.keys(model.profiles).every((prefix) => prefix in geographies),
        model.id,
      ).toBe(true);
      for (const region of model.profileRegions) expect(allRegions, model.id).toContain(region);
    }
  });

  it("let every source region of the newest Claude models use a profile", () => {
    const stranded = catalogue
      .filter(({ profiles, batch, lifecycle }) => batch && lifecycle === "ACTIVE" && "global" in profiles)
      .flatMap((model) =>
        model.profileRegions.filter((region) => !hasProfile(model, region)).map((region) => `${model.id} ${region}`),
      );
    expect(stranded).toEqual([]);
  });
});

it("an operation that is not built answers by its name", async () => {
  await expect(client.send(new ListGuardrailsCommand({}))).rejects.toMatchObject({
    name: "NotImplementedException",
    message: "ListGuardrails is not built in the local service.",
  });
});
