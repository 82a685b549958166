import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  type ModelInvocationJobSummary,
  paginateListModelInvocationJobs,
} from "@aws-sdk/client-bedrock";
import { expect, it, onTestFinished } from "vitest";
import { makeSteppedClock } from "../../src/local/clock.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { readResults } from "../support/run-to-end.ts";

const ended = ["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"];

it("keeps all slots of its model full with 250 jobs under a limit of 20, three of which strangers hold for a while", async () => {
  const clock = makeSteppedClock(Date.parse("2026-11-21T09:00:00Z"));
  const seen: { others: number; inFlight: number; left: number }[] = [];
  const { folder, server, session } = await openLocalRun(
    { clock, quotas: ["min-records=4", "records-per-job=4", "jobs-in-flight=20"] },
    {
      // Between two passes: who holds the slots, by the service's own list; then a quarter of an hour goes by.
      async sleep() {
        const jobs = await listJobs();
        const [own, others] = [jobs.filter(isOwn), jobs.filter((job) => !isOwn(job))].map((list) => ({
          inFlight: list.filter(({ status = "" }) => !ended.includes(status)).length,
          count: list.length,
        }));
        seen.push({
          others: others?.inFlight ?? 0,
          inFlight: (own?.inFlight ?? 0) + (others?.inFlight ?? 0),
          left: 250 - (own?.count ?? 0),
        });
        clock.advance(15 * 60_000);
        await server.whenIdle();
      },
    },
  );
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const bedrock = new BedrockClient({ endpoint: server.url, region: server.region, credentials });
  onTestFinished(() => bedrock.destroy());
  const isOwn = ({ jobName = "" }: ModelInvocationJobSummary): boolean => jobName.includes(id);
  const listJobs = async (): Promise<ModelInvocationJobSummary[]> => {
    const jobs: ModelInvocationJobSummary[] = [];
    for await (const page of paginateListModelInvocationJobs({ client: bedrock }, { maxResults: 1000 })) {
      jobs.push(...(page.invocationJobSummaries ?? []));
    }
    return jobs;
  };
  const id = await startTestRun(session, writeTexts(folder, 1000));
  for (const [index, model] of ["us.anthropic.claude-haiku-4-5-20251001-v1:0", "amazon.nova-lite-v1:0"].entries()) {
    for (const each of [1, 2, 3]) {
      await bedrock.send(
        new CreateModelInvocationJobCommand({
          jobName: `stranger-${index}-${each}`,
          modelId: model,
          roleArn: session.config.roleArn,
          inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://test-bucket/nothing/" } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://test-bucket/nothing/" } },
        }),
      );
    }
  }
  const { finished } = await driveRun(session, id, "follow");
  expect(finished?.summary).toMatchObject({ jobCount: 250, outcomeCounts: { answered: 1000 }, discrepancies: [] });
  if (finished === undefined) return;
  const [counted] = await readResults(finished, "SELECT count(DISTINCT _halfprice_record_id) AS records FROM results");
  expect(counted?.["records"]).toBe(1000);
  expect((await listJobs()).filter(isOwn)).toHaveLength(250);
  // Three of the strangers are of another model, and take none of these slots.
  expect(seen[0]).toEqual({ others: 6, inFlight: 23, left: 233 });
  expect(seen.length).toBeGreaterThan(12);
  const waiting = seen.slice(1).filter(({ left }) => left > 0);
  expect(waiting.map(({ inFlight, others }) => inFlight - others)).toEqual(waiting.map(() => 20));
}, 300_000);
