import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
  paginateGetMetricData,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MetricStore, makeMetricStore } from "../../../src/local/cloudwatch/metric-store.ts";
import { cloudWatchOperations } from "../../../src/local/cloudwatch/operations.ts";
import { makeCloudWatchService } from "../../../src/local/cloudwatch/service.ts";
import { type Bench, credentials, type Door, makeBench, openDoor, removeBench, startMs } from "../bench.ts";
import { casesOf } from "../constraint-cases.ts";

const minute = Date.parse("2026-11-21T09:00:00Z");
let bench: Bench;
let metrics: MetricStore;
let door: Door;
let client: CloudWatchClient;

beforeEach(async () => {
  bench = await makeBench();
  metrics = makeMetricStore();
  door = await openDoor([makeCloudWatchService(bench.world, metrics)]);
  client = new CloudWatchClient({ endpoint: door.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await door.close();
  await removeBench(bench);
});

const dimensions = [{ Name: "ModelId", Value: "amazon.nova-micro-v1:0" }];
const window = { StartTime: new Date(minute), EndTime: new Date(minute + 3_600_000) };

describe("metrics over JSON", () => {
  beforeEach(async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: "AWS/Bedrock",
        MetricData: [
          { MetricName: "Invocations", Dimensions: dimensions, Value: 3, Unit: "Count" },
          {
            MetricName: "Invocations",
            Dimensions: dimensions,
            Values: [1, 5],
            Counts: [2, 1],
            Unit: "Count",
            Timestamp: new Date(minute + 60_000),
          },
          { MetricName: "Other", StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 } },
        ],
      }),
    );
  });

  it("are listed by namespace, name and dimension", async () => {
    const found: (string | undefined)[] = [];
    for await (const page of paginateListMetrics(
      { client },
      { Namespace: "AWS/Bedrock", Dimensions: [{ Name: "ModelId" }] },
    )) {
      found.push(...(page.Metrics ?? []).map(({ MetricName }) => MetricName));
    }
    expect(found).toEqual(["Invocations"]);
  });

  it("are read as statistics, period by period", async () => {
    const { Datapoints, Label } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Bedrock",
        MetricName: "Invocations",
        Dimensions: dimensions,
        Period: 60,
        Statistics: ["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
        ...window,
      }),
    );
    expect(Label).toBe("Invocations");
    expect(Datapoints).toEqual([
      { Timestamp: new Date(minute), Sum: 3, Average: 3, Minimum: 3, Maximum: 3, SampleCount: 1, Unit: "Count" },
      {
        Timestamp: new Date(minute + 60_000),
        Sum: 7,
        Average: 7 / 3,
        Minimum: 1,
        Maximum: 5,
        SampleCount: 3,
        Unit: "Count",
      },
    ]);
  });

  it("are read several at once, newest first", async () => {
    const query = (Id: string, MetricName: string, Stat: string, Period: number) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: "AWS/Bedrock", MetricName, Dimensions: MetricName === "Other" ? [] : dimensions },
        Period,
        Stat,
      },
    });
    const input = {
      MetricDataQueries: [
        query("a", "Invocations", "Sum", 60),
        query("b", "Other", "Average", 3600),
        query("c", "None", "Sum", 60),
      ],
      ...window,
    };
    const { MetricDataResults } = await client.send(new GetMetricDataCommand(input));
    expect(MetricDataResults).toEqual([
      {
        Id: "a",
        Label: "Invocations",
        StatusCode: "Complete",
        Timestamps: [new Date(minute + 60_000), new Date(minute)],
        Values: [7, 3],
      },
      { Id: "b", Label: "Other", StatusCode: "Complete", Timestamps: [new Date(minute)], Values: [5] },
      { Id: "c", Label: "None", StatusCode: "Complete", Timestamps: [], Values: [] },
    ]);
    let pages = 0;
    for await (const page of paginateGetMetricData({ client }, input))
      pages += page.MetricDataResults?.length === 3 ? 1 : 0;
    expect(pages).toBe(1);
  });

  it("have errors with the older code beside the newer", async () => {
    const wrong = { StartTime: window.EndTime, EndTime: window.StartTime };
    await expect(
      client.send(
        new GetMetricStatisticsCommand({ Namespace: "N", MetricName: "M", Period: 60, Statistics: ["Sum"], ...wrong }),
      ),
    ).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    const response = await fetch(door.url, {
      method: "POST",
      headers: { "x-amz-target": "GraniteServiceVersion20100801.GetMetricStatistics", "x-amzn-query-mode": "true" },
      body: JSON.stringify({
        Namespace: "N",
        MetricName: "M",
        Period: 60,
        Statistics: ["Sum"],
        StartTime: 2,
        EndTime: 1,
      }),
    });
    expect(response.headers.get("x-amzn-query-error")).toBe("InvalidParameterValue;Sender");
  });
});

describe("metrics over the query protocol", () => {
  const call = async (params: Record<string, string>): Promise<{ status: number; text: string }> => {
    const response = await fetch(door.url, {
      method: "POST",
      body: new URLSearchParams({ Version: "2010-08-01", ...params }),
    });
    return { status: response.status, text: await response.text() };
  };

  it("are put, listed and read", async () => {
    const put = await call({
      Action: "PutMetricData",
      Namespace: "Mine",
      "MetricData.member.1.MetricName": "Rows",
      "MetricData.member.1.Value": "12.5",
      "MetricData.member.1.Dimensions.member.1.Name": "Run",
      "MetricData.member.1.Dimensions.member.1.Value": "a<b",
      "MetricData.member.1.Timestamp": "2026-11-21T09:00:10Z",
    });
    expect(put.status).toBe(200);
    expect((await call({ Action: "ListMetrics", Namespace: "Mine" })).text).toContain(
      "<Metrics><member><Namespace>Mine</Namespace><MetricName>Rows</MetricName><Dimensions><member><Name>Run</Name><Value>a&lt;b</Value></member></Dimensions></member></Metrics>",
    );
    const read = await call({
      Action: "GetMetricStatistics",
      Namespace: "Mine",
      MetricName: "Rows",
      "Dimensions.member.1.Name": "Run",
      "Dimensions.member.1.Value": "a<b",
      StartTime: "2026-11-21T09:00:00Z",
      EndTime: "2026-11-21T10:00:00Z",
      Period: "60",
      "Statistics.member.1": "Sum",
    });
    expect(read.text).toContain(
      "<member><Timestamp>2026-11-21T09:00:00Z</Timestamp><Sum>12.5</Sum><Unit>None</Unit></member>",
    );
  });

  it("have errors in XML", async () => {
    const { status, text } = await call({ Action: "GetMetricStatistics" });
    expect(status).toBe(400);
    expect(text).toContain("<Code>ValidationError</Code>");
    expect(text).toContain("Value null at 'namespace'");
    expect(
      (
        await call({
          Action: "PutMetricData",
          Namespace: "N",
          "MetricData.member.1.MetricName": "M",
          "MetricData.member.1.Value": "x",
        })
      ).text,
    ).toContain("<Code>MalformedInput</Code>");
    expect((await call({ Action: "PutDashboard" })).status).toBe(501);
  });
});

describe("the tables of CloudWatch", () => {
  const metric = { Namespace: "N", MetricName: "M", Dimensions: [{ Name: "n", Value: "v" }] };
  const times = { StartTime: startMs / 1000, EndTime: startMs / 1000 + 60 };
  const valid: Readonly<Record<string, Record<string, unknown>>> = {
    ListMetrics: metric,
    GetMetricStatistics: { ...metric, ...times, Period: 60, Statistics: ["Sum"], Unit: "Count" },
    GetMetricData: {
      ...times,
      MetricDataQueries: [
        {
          Id: "a",
          MetricStat: { Metric: metric, Period: 60, Stat: "Sum", Unit: "Count" },
          Label: "l",
          ReturnData: true,
          Period: 60,
        },
      ],
    },
    PutMetricData: {
      Namespace: "N",
      MetricData: [
        {
          MetricName: "M",
          Dimensions: metric.Dimensions,
          Value: 1,
          Timestamp: startMs / 1000,
          Unit: "Count",
          StorageResolution: 60,
        },
      ],
    },
  };
  it.each(cloudWatchOperations.operations)(
    "$name refuses what they forbid and takes what they allow",
    async ({ name, input }) => {
      const cases = [...casesOf(input, valid[name])];
      expect(cases.length).toBeGreaterThan(8);
      for (const { title, input: body, expected } of cases) {
        const response = await fetch(door.url, {
          method: "POST",
          headers: { "x-amz-target": `GraniteServiceVersion20100801.${name}` },
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

describe("metrics over rpc-v2-cbor", () => {
  it("are refused by the operation's name, in the protocol's own form", async () => {
    const response = await fetch(`${door.url}/service/GraniteServiceVersion20100801/operation/ListMetrics`, {
      method: "POST",
      headers: {
        "smithy-protocol": "rpc-v2-cbor",
        "content-type": "application/cbor",
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20261130/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: new Uint8Array([0xa0]),
    });
    expect([response.status, response.headers.get("smithy-protocol")]).toEqual([501, "rpc-v2-cbor"]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes[0]).toBe(0xa2);
    expect(bytes.toString("latin1")).toContain("NotImplementedException");
    expect(bytes.toString("latin1")).toContain("ListMetrics over rpc-v2-cbor is not built in the local service");
  });
});
