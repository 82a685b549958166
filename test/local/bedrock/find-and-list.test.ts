import {
  GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand,
  type ListModelInvocationJobsCommandInput,
  paginateListModelInvocationJobs,
} from "@aws-sdk/client-bedrock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, startMs } from "../bench.ts";
import { type JobBench, makeInput, makeJobBench, minuteMs } from "./job-bench.ts";

let jobs: JobBench;
beforeEach(async () => {
  jobs = await makeJobBench();
  jobs.bench.objects.put("bucket", "in/a.jsonl", makeInput(100));
});
afterEach(() => jobs.close());

const list = async (input: ListModelInvocationJobsCommandInput): Promise<(string | undefined)[]> =>
  ((await jobs.client.send(new ListModelInvocationJobsCommand(input))).invocationJobSummaries ?? []).map(
    ({ jobName }) => jobName,
  );

describe("a job's address", () => {
  it("is its ARN as one segment; unescaped it is no operation", async () => {
    const arn = await jobs.create();
    const unescaped = await fetch(`${jobs.door.url}/model-invocation-job/${arn}`);
    expect(unescaped.status).toBe(404);
    expect(unescaped.headers.get("x-amzn-errortype")).toMatch(/^UnknownOperationException/);
    expect(await unescaped.json()).toEqual({
      Output: { __type: "com.amazon.coral.service#UnknownOperationException" },
      Version: "1.0",
    });
    expect((await fetch(`${jobs.door.url}/model-invocation-job/${encodeURIComponent(arn)}`)).status).toBe(200);
  });

  it("is not the bare id, which the API's model allows and the live service refuses", async () => {
    const arn = await jobs.create();
    await expect(
      jobs.client.send(new GetModelInvocationJobCommand({ jobIdentifier: arn.slice(-12) })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: "The provided ARN is invalid",
    });
  });

  it("is found in its own region only", async () => {
    const arn = await jobs.create();
    for (const [region, jobIdentifier] of [
      ["us-west-2", arn],
      ["us-east-1", `arn:aws:bedrock:us-east-1:${account}:model-invocation-job/zzzzzzzzzzzz`],
    ] as const) {
      await expect(
        jobs.clientOf(region).send(new GetModelInvocationJobCommand({ jobIdentifier })),
      ).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        $metadata: { httpStatusCode: 404 },
      });
    }
  });
});

describe("the list", () => {
  beforeEach(async () => {
    for (let index = 0; index < 5; index++) {
      await jobs.create({ jobName: `${index % 2 === 0 ? "even" : "odd"}-${index}` });
      jobs.bench.clock.advance(1000);
    }
  });

  it("has the newest first, or the oldest", async () => {
    expect(await list({})).toEqual(["even-4", "odd-3", "even-2", "odd-1", "even-0"]);
    expect(await list({ sortBy: "CreationTime", sortOrder: "Ascending" })).toEqual([
      "even-0",
      "odd-1",
      "even-2",
      "odd-3",
      "even-4",
    ]);
  });

  it("is filtered by name, time and status", async () => {
    expect(await list({ nameContains: "odd" })).toEqual(["odd-3", "odd-1"]);
    expect(await list({ submitTimeAfter: new Date(startMs + 1500) })).toEqual(["even-4", "odd-3", "even-2"]);
    expect(await list({ submitTimeBefore: new Date(startMs + 1500) })).toEqual(["odd-1", "even-0"]);
    expect(await list({ submitTimeAfter: new Date(startMs), submitTimeBefore: new Date(startMs + 1000) })).toEqual([]);
    await jobs.step(minuteMs - 3000);
    expect(await list({ statusEquals: "Validating" })).toEqual(["odd-3", "even-2", "odd-1", "even-0"].slice(1));
    expect(await list({ statusEquals: "Completed" })).toEqual([]);
  });

  it.each(["Ascending", "Descending"] as const)(
    "comes in pages, %s, each job once, though jobs are added meanwhile",
    async (sortOrder) => {
      const seen: (string | undefined)[] = [];
      for await (const page of paginateListModelInvocationJobs({ client: jobs.client, pageSize: 2 }, { sortOrder })) {
        seen.push(...(page.invocationJobSummaries ?? []).map(({ jobName }) => jobName));
        if (sortOrder === "Descending" && seen.length === 2) await jobs.create({ jobName: "late" });
      }
      const inOrder = ["even-0", "odd-1", "even-2", "odd-3", "even-4"];
      expect(seen).toEqual(sortOrder === "Ascending" ? inOrder : inOrder.reverse());
    },
  );

  it("refuses a token that is none of its own", async () => {
    await expect(list({ nextToken: "abc" })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("shows neither message nor token nor expiry, as real lists did", async () => {
    const { invocationJobSummaries: [first] = [] } = await jobs.client.send(
      new ListModelInvocationJobsCommand({ maxResults: 1 }),
    );
    expect(Object.keys(first ?? {})).not.toEqual(expect.arrayContaining(["clientRequestToken"]));
    expect(first).not.toHaveProperty("jobExpirationTime");
    expect(first).toMatchObject({ jobName: "even-4", timeoutDurationInHours: 24, totalRecordCount: 0 });
  });

  it("is the region's own", async () => {
    const { invocationJobSummaries } = await jobs.clientOf("us-west-2").send(new ListModelInvocationJobsCommand({}));
    expect(invocationJobSummaries).toEqual([]);
  });
});
