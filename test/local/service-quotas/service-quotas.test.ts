import {
  GetAWSDefaultServiceQuotaCommand,
  GetRequestedServiceQuotaChangeCommand,
  GetServiceQuotaCommand,
  ListRequestedServiceQuotaChangeHistoryByQuotaCommand,
  paginateListAWSDefaultServiceQuotas,
  paginateListRequestedServiceQuotaChangeHistory,
  paginateListServiceQuotas,
  RequestServiceQuotaIncreaseCommand,
  type ServiceQuota,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findModel } from "../../../src/local/models/catalogue.ts";
import type { Model } from "../../../src/local/models/model.ts";
import { makeQuotas, parseQuotaSetting, type Quotas } from "../../../src/local/models/quotas.ts";
import { serviceQuotasOperations } from "../../../src/local/service-quotas/operations.ts";
import { makeServiceQuotasService } from "../../../src/local/service-quotas/service.ts";
import { account, type Bench, credentials, type Door, makeBench, openDoor, removeBench, startMs } from "../bench.ts";
import { casesOf } from "../constraint-cases.ts";

const opus = findModel("anthropic.claude-opus-5") as Model;
const inFlight = "L-16941C66";
let bench: Bench;
let quotas: Quotas;
let door: Door;
let client: ServiceQuotasClient;

beforeEach(async () => {
  bench = await makeBench();
  quotas = makeQuotas([parseQuotaSetting("anthropic.claude-opus-5:min-records=5")]);
  door = await openDoor([makeServiceQuotasService(bench.world, quotas)]);
  client = new ServiceQuotasClient({ endpoint: door.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await door.close();
  await removeBench(bench);
});

const readAll = async (pages: AsyncIterable<{ Quotas?: ServiceQuota[] | undefined }>): Promise<ServiceQuota[]> => {
  const all: ServiceQuota[] = [];
  for await (const page of pages) all.push(...(page.Quotas ?? []));
  return all;
};

describe("the batch quotas", () => {
  it("come in pages, each once, with codes that are told apart", async () => {
    const all = await readAll(paginateListServiceQuotas({ client, pageSize: 50 }, { ServiceCode: "bedrock" }));
    expect(all.length).toBeGreaterThan(400);
    expect(new Set(all.map(({ QuotaCode }) => QuotaCode)).size).toBe(all.length);
    expect(all.every(({ QuotaCode = "" }) => /^L-[0-9A-F]{8}$/.test(QuotaCode))).toBe(true);
  });

  it("keep the traps of AWS's names", async () => {
    const names = (await readAll(paginateListServiceQuotas({ client }, { ServiceCode: "bedrock" }))).map(
      ({ QuotaName }) => QuotaName,
    );
    expect(names).toContain("Minimum number of records per batch inference job for Claude Sonnet 4.5.");
    expect(names).toContain(
      "Sum of in-progress and submitted batch inference jobs using a base model for Claude Sonnet 4.5.",
    );
    expect(names).toContain("Records per batch inference job for Claude Sonnet 4.5");
    expect(names).toContain("Batch inference job size (in GB) for  Qwen3 Next 80B");
    expect(names).not.toContain("Batch inference job size (in GB) for Nova 2 Lite");
    expect(names).toContain(
      "Sum of in-progress and submitted batch inference jobs using a custom model for Titan Text Embeddings V2",
    );
  });

  it("have a row of each kind for every model that runs in batch", async () => {
    const all = await readAll(paginateListAWSDefaultServiceQuotas({ client }, { ServiceCode: "bedrock" }));
    const ofOpus = all.filter(({ QuotaName = "" }) => QuotaName.endsWith("for Claude Opus 5"));
    expect(
      ofOpus.map(({ QuotaName = "", Value, Adjustable }) => [
        QuotaName.replace(" for Claude Opus 5", ""),
        Value,
        Adjustable,
      ]),
    ).toEqual([
      ["Batch inference input file size (in GB)", 1, false],
      ["Batch inference job size (in GB)", 5, false],
      ["Minimum number of records per batch inference job", 100, false],
      ["Records per batch inference job", 100_000, true],
      ["Records per input file per batch inference job", 100_000, true],
      ["Sum of in-progress and submitted batch inference jobs using a base model", 100, true],
    ]);
  });

  it("show what was set beside AWS's default", async () => {
    const all = await readAll(paginateListServiceQuotas({ client }, { ServiceCode: "bedrock" }));
    const row = all.find(
      ({ QuotaName }) => QuotaName === "Minimum number of records per batch inference job for Claude Opus 5",
    );
    expect(row).toMatchObject({
      Value: 5,
      QuotaArn: `arn:aws:servicequotas:us-east-1:${account}:bedrock/${row?.QuotaCode}`,
    });
    const { Quota } = await client.send(
      new GetAWSDefaultServiceQuotaCommand({ ServiceCode: "bedrock", QuotaCode: row?.QuotaCode }),
    );
    expect(Quota).toMatchObject({ Value: 100, QuotaArn: `arn:aws:servicequotas:us-east-1::bedrock/${row?.QuotaCode}` });
  });

  it("are unknown under another service or code", async () => {
    for (const [ServiceCode, QuotaCode] of [
      ["s3", inFlight],
      ["bedrock", "L-00000000"],
    ]) {
      await expect(client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))).rejects.toMatchObject({
        name: "NoSuchResourceException",
        $metadata: { httpStatusCode: 400 },
      });
    }
  });
});

describe("a request for more", () => {
  const ask = (DesiredValue: number, QuotaCode = inFlight) =>
    client.send(new RequestServiceQuotaIncreaseCommand({ ServiceCode: "bedrock", QuotaCode, DesiredValue }));

  it("is pending at first, and holds once it is approved", async () => {
    const { RequestedQuota: made } = await ask(200);
    expect(made).toMatchObject({
      Status: "PENDING",
      DesiredValue: 200,
      QuotaCode: inFlight,
      Created: new Date(startMs),
    });
    expect(quotas.get("jobs-in-flight", opus, "us-east-1")).toBe(100);
    bench.clock.advance(15 * 60_000);
    const { RequestedQuota: now } = await client.send(
      new GetRequestedServiceQuotaChangeCommand({ RequestId: made?.Id }),
    );
    expect(now?.Status).toBe("APPROVED");
    expect(quotas.get("jobs-in-flight", opus, "us-east-1")).toBe(200);
    expect(quotas.get("jobs-in-flight", opus, "eu-west-1")).toBe(100);
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: "bedrock", QuotaCode: inFlight }));
    expect(Quota?.Value).toBe(200);
  });

  it("is refused where it asks for no more, for what cannot be raised, or twice", async () => {
    await expect(ask(100)).rejects.toMatchObject({ name: "IllegalArgumentException" });
    const all = await readAll(paginateListServiceQuotas({ client }, { ServiceCode: "bedrock" }));
    await expect(ask(1000, all.find(({ Adjustable }) => Adjustable === false)?.QuotaCode)).rejects.toMatchObject({
      name: "InvalidResourceStateException",
    });
    await ask(200);
    await expect(ask(300)).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  });

  it("stands in the history, by quota and status, and outlives the process", async () => {
    await ask(200);
    bench.clock.advance(15 * 60_000);
    await ask(5_000_000, "L-5E3E0013");
    const again = await openDoor([makeServiceQuotasService(bench.world, makeQuotas())]);
    const other = new ServiceQuotasClient({ endpoint: again.url, region: "us-east-1", credentials });
    const statuses: (string | undefined)[] = [];
    for await (const page of paginateListRequestedServiceQuotaChangeHistory({ client: other, pageSize: 1 }, {})) {
      statuses.push(...(page.RequestedQuotas ?? []).map(({ Status }) => Status));
    }
    expect(statuses).toEqual(["PENDING", "APPROVED"]);
    const { RequestedQuotas } = await other.send(
      new ListRequestedServiceQuotaChangeHistoryByQuotaCommand({
        ServiceCode: "bedrock",
        QuotaCode: inFlight,
        Status: "APPROVED",
      }),
    );
    expect(RequestedQuotas).toHaveLength(1);
    const { Quota } = await other.send(new GetServiceQuotaCommand({ ServiceCode: "bedrock", QuotaCode: inFlight }));
    expect(Quota?.Value).toBe(200);
    other.destroy();
    await again.close();
  });
});

describe("the tables of Service Quotas", () => {
  const valid = {
    ServiceCode: "bedrock",
    QuotaCode: inFlight,
    NextToken: "MTA=",
    MaxResults: 10,
    DesiredValue: 200,
    RequestId: "abcdef",
    ContextId: "any",
    SupportCaseAllowed: true,
    Status: "PENDING",
    QuotaAppliedAtLevel: "ACCOUNT",
    QuotaRequestedAtLevel: "ACCOUNT",
  };
  it.each(serviceQuotasOperations.operations)(
    "$name refuses what they forbid and takes what they allow",
    async ({ name, input }) => {
      const known = Object.fromEntries(Object.entries(valid).filter(([key]) => key in input.members));
      const cases = [...casesOf(input, known)];
      expect(cases.length).toBeGreaterThan(3);
      for (const { title, input: body, expected } of cases) {
        const response = await fetch(door.url, {
          method: "POST",
          headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `ServiceQuotasV20190624.${name}` },
          body: JSON.stringify(body),
        });
        const { __type = "", message = "" } = (await response.json()) as { __type?: string; message?: string };
        if (expected === undefined) expect(__type, title).not.toMatch(/^(ValidationException|SerializationException)$/);
        else if (expected === "mistyped") expect(__type, title).toBe("SerializationException");
        else expect(`${__type} ${message}`, title).toContain(`Member must ${expected}`);
      }
    },
  );
});

it("answers by name what is not built", async () => {
  const response = await fetch(door.url, {
    method: "POST",
    headers: { "x-amz-target": "ServiceQuotasV20190624.ListServices" },
    body: "{}",
  });
  expect(response.status).toBe(501);
  expect(await response.json()).toMatchObject({
    __type: "NotImplementedException",
    message: expect.stringContaining("ListServices"),
  });
});
