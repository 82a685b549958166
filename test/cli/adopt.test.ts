import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BedrockClient, CreateModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse/sync";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

interface Scene {
  readonly folder: string;
  readonly jobArn: string;
  readonly call: (...args: string[]) => Promise<CliResult>;
}

const body = (text: string): object => ({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: [{ type: "text", text }] }],
});

/** A job that another program has made on a local service. */
async function openScene(lines: readonly object[], speed = 6000): Promise<Scene> {
  const folder = makeFolder();
  const server = await startLocal({ speed, seed: 1, quotas: ["min-records=1"] });
  onTestFinished(() => server.close());
  const { roleArn } = await placeOn(server, { bucket: "theirs", prefix: "x/", roleName: "TheirRole" });
  const s3 = new S3Client({ ...clientOptions(server), forcePathStyle: true });
  const bedrock = new BedrockClient(clientOptions(server));
  onTestFinished(() => {
    s3.destroy();
    bedrock.destroy();
  });
  const Body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await s3.send(new PutObjectCommand({ Bucket: "theirs", Key: "in/their-rows.jsonl", Body }));
  const { jobArn = "" } = await bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: "their-job",
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      roleArn,
      inputDataConfig: { s3InputDataConfig: { s3Uri: "s3://theirs/in/their-rows.jsonl" } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://theirs/out/" } },
    }),
  );
  return { folder, jobArn, call: (...args) => runCli(args, folder, { ...server.env }) };
}

const lines = ["a", "b", "a", "c"].map((text, at) => ({ recordId: `THEIR-${at}`, modelInput: body(text) }));

describe("adopt", () => {
  it("takes in a job that was made elsewhere: every line has its own answer, and the run is one like others", async () => {
    const { folder, jobArn, call } = await openScene(lines);
    const { code, stdout, stderr } = await call("adopt", jobArn, "-o", "o.csv", "--json");
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const run = JSON.parse(stdout) as { runId: string };
    expect(run).toMatchObject({
      state: "done",
      rowCount: 4,
      jobCount: 1,
      origin: { kind: "local" },
      paidUsd: 0,
      wouldCostUsd: expect.any(Number),
    });
    const rows = parse<Record<string, string>>(readFileSync(join(folder, "o.csv")), { columns: true });
    expect(rows.map((row) => [row["recordId"], row["_halfprice_outcome"], row["_halfprice_record_id"]])).toEqual(
      lines.map(({ recordId }) => [recordId, "answered", recordId]),
    );
    expect(rows.every((row) => row["answer"] !== "" && Number(row["_halfprice_cost_usd"]) > 0)).toBe(true);
    const shown = await call("show", "their-job");
    expect(shown.stdout).toContain(jobArn);
    expect(JSON.parse((await call("runs", "--json")).stdout)).toMatchObject({
      runs: [{ name: "their-job", state: "done" }],
    });
    const retried = await call("retry", "their-job", "--yes");
    expect([retried.code, retried.stderr]).toEqual([2, expect.stringMatching(/made elsewhere, and is not sent again/)]);
    expect((await call("export", run.runId, "-o", "again.jsonl")).code).toBe(0);
  });

  it("takes in one that is under way, which is collected later", async () => {
    const { jobArn, call } = await openScene(lines, 200);
    const first = await call("adopt", jobArn, "--detach");
    expect([first.code, first.stderr]).toEqual([5, expect.stringMatching(/1 job is still under way/)]);
    const resumed = await call("resume", "latest", "--json");
    expect(JSON.parse(resumed.stdout)).toMatchObject({ state: "done", outcomeCounts: { answered: 4 } });
  });

  it.each<[string, readonly object[], RegExp]>([
    ["lines without ids", lines.map(({ modelInput }) => ({ modelInput })), /have no recordId/],
    [
      "ids that come twice",
      lines.map((line) => ({ ...line, recordId: "SAME-1" })),
      /do not have an id each: 1 for 4 lines/,
    ],
  ])("refuses %s", async (_name, given, words) => {
    const { jobArn, call } = await openScene(given);
    const { code, stderr } = await call("adopt", jobArn);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    expect(JSON.parse((await call("runs", "--json")).stdout)).toMatchObject({ runs: [] });
  });

  it("refuses what is no job, and says what the service says of one that is not there", async () => {
    const { jobArn, call } = await openScene(lines);
    expect((await call("adopt", "their-job")).stderr).toMatch(/their-job is no ARN of a batch inference job/);
    const gone = await call("adopt", `${jobArn.slice(0, -12)}zzzzzzzzzzzz`);
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringMatching(/SERVICE_REFUSED|ResourceNotFound/)]);
  });
});
