/** What doctor says of a table and of a run, and how `run` makes the same checks on its way. */
import { join } from "node:path";
import {
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { type Diagnosis, diagnose } from "../../src/doctor/doctor.ts";
import { makeRepairs, planRepairs } from "../../src/doctor/repair.ts";
import { parseRunOptions, type RunOptionsInput } from "../../src/foundation/options/run-options.ts";
import { startLocal } from "../../src/local/index.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { checkPlace } from "../../src/run/start-and-resume/check-place.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { startRun } from "../../src/run/start-and-resume/start-run.ts";
import { makeSession, type Session } from "../../src/workspace/session.ts";
import { showRun } from "../../src/workspace/show-run.ts";
import { policy } from "../local/iam/enforced.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const failed = ({ results }: Diagnosis): string[] =>
  results.filter(({ status }) => status === "fail").map(({ check }) => check);

interface Asked {
  readonly prompt?: string;
  readonly model?: string;
  readonly raw?: boolean;
  readonly invocation?: string;
}

async function runChecks(
  session: Session,
  table: string,
  asked: Asked = {},
  options: RunOptionsInput = {},
): Promise<Diagnosis> {
  const { prompt = "Repeat: {{text}}", model = "claude-haiku-4.5", raw, invocation } = asked;
  const words = {
    first: table,
    model,
    ...(raw === true ? { raw } : { prompt }),
    ...(invocation === undefined ? {} : { invocation }),
  };
  const request = await readRequest(words, parseRunOptions(options, "test"));
  return diagnose(session, { request }, () => undefined);
}

/** As openLocalRun, where every call is decided by policy; the session is the administrator's. */
async function openEnforced() {
  const folder = makeFolder();
  const server = await startLocal({ speed: 6000, dataDir: join(folder, "aws"), seed: 1, enforceIam: true });
  onTestFinished(() => server.close());
  const { bucket, roleArn: role, connection } = await placeOn(server, { bucket: "test-bucket" });
  const config = await readConfig(
    { workspace: join(folder, ".halfprice"), region: server.region, bucket, role },
    {},
    folder,
  );
  return { folder, server, session: makeSession(config, { connection }) };
}

describe("doctor on a table", () => {
  it("has nothing against a sound one, and says what was looked at, identity first", async () => {
    const { folder, session } = await openLocalRun();
    const found = await runChecks(session, writeTexts(folder, 150));
    expect(failed(found)).toEqual([]);
    const checks = found.results.map(({ check }) => check);
    expect(checks.slice(0, 4)).toEqual(["identity", "clock", "credentials", "software"]);
    expect(checks).toEqual(
      expect.arrayContaining([
        "records",
        "record-size",
        "job-name",
        "prefix",
        "requests",
        "lines",
        "parameters",
        "cells",
        "cost",
        "same-work",
        "model",
        "model-access",
        "bucket",
        "pass-role",
        "caller-jobs",
        "role-trust",
        "role-model",
        "role-files",
        "quotas",
        "jobs-under-way",
      ]),
    );
    // Offline checks come before the account's.
    expect(checks.indexOf("cost")).toBeLessThan(checks.indexOf("bucket"));
  });

  it("names what is wrong with table, prompt, model, parameters, requests and price, each as its own check", async () => {
    const { folder, session } = await openLocalRun();
    const texts = writeTexts(folder, 150);
    const few = writeFile(folder, "few.csv", makeCsv(["text"], [["one"], ["two"]]));
    const empty = writeFile(
      folder,
      "empty.csv",
      makeCsv(
        ["id", "text"],
        Array.from({ length: 120 }, (_, index) => [String(index), index < 20 ? "" : `text ${index}`]),
      ),
    );
    const raw = (name: string, makeBody: (index: number) => object) => {
      const lines = Array.from({ length: 120 }, (_, index) => JSON.stringify({ modelInput: makeBody(index) }));
      return writeFile(folder, name, lines.join("\n"));
    };
    const stream = raw("stream.jsonl", (index) => ({
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 10,
      messages: [{ role: "user", content: `No. ${index}` }],
      stream: true,
    }));
    const converse = raw("converse.jsonl", (index) => ({
      messages: [{ role: "user", content: [{ text: `No. ${index}` }] }],
      inferenceConfig: { maxTokens: 10 },
    }));
    expect(failed(await runChecks(session, few))).toEqual(["records"]);
    expect(failed(await runChecks(session, texts, { prompt: "{{txet}}" }))).toEqual(["prompt"]);
    expect(failed(await runChecks(session, texts, { model: "claude-haiku-9" }))).toEqual(["model-name"]);
    expect(failed(await runChecks(session, texts, {}, { maxTokens: "9999999" }))).toEqual(["parameters"]);
    expect(failed(await runChecks(session, texts, {}, { maxCost: "0.000001" }))).toEqual(["cost"]);
    expect(failed(await runChecks(session, stream, { raw: true }))).toEqual(["requests"]);
    expect(failed(await runChecks(session, converse, { raw: true }))).toEqual(["requests"]);
    expect(failed(await runChecks(session, converse, { raw: true, invocation: "converse" }))).toEqual([]);
    const cells = (await runChecks(session, empty, { prompt: "{{text}}" })).results.find(
      ({ check }) => check === "cells",
    );
    expect(cells).toMatchObject({ status: "warn", finding: expect.stringContaining("text: 20 empty") });
    // Nothing is left of what was looked at.
    const again = await runChecks(session, texts);
    expect(again.results.find(({ check }) => check === "same-work")?.status).toBe("pass");
  });

  it("looks at it without an account too, and says that the account was not looked at", async () => {
    const { folder, session } = await openLocalRun();
    const { connection: _, ...rest } = session;
    const nobody: Session = { ...rest, connection: { region: "us-east-1" } };
    const found = await runChecks(nobody, writeTexts(folder, 150));
    expect(failed(found)).toEqual(["identity"]);
    expect(found.results.find(({ check }) => check === "records")?.status).toBe("pass");
    expect(found.results.at(-1)).toMatchObject({ check: "account", status: "skipped" });
  });

  it("knows that the same was sent before", async () => {
    const { folder, session } = await openLocalRun();
    const table = writeTexts(folder, 120);
    const id = await startTestRun(session, table);
    const before = (await runChecks(session, table)).results.find(({ check }) => check === "same-work");
    expect(before).toMatchObject({ status: "warn", fix: expect.stringContaining(`halfprice resume ${id}`) });
    await driveRun(session, id, "follow");
    const after = (await runChecks(session, table)).results.find(({ check }) => check === "same-work");
    expect(after).toMatchObject({ status: "warn", fix: expect.stringContaining(`halfprice export ${id}`) });
  });
});

describe("doctor on a run", () => {
  it("explains how its jobs ended, and looks at the place that it used", async () => {
    const faults = {
      jobs: [{ fault: { end: { status: "Failed", message: "Customer doesn't have permissions to invokeModel" } } }],
    } as const;
    const { folder, session } = await openLocalRun({ faults });
    const id = await startTestRun(session, writeTexts(folder, 120));
    await driveRun(session, id, "follow");
    const shown = await showRun(session, id);
    const { results } = await diagnose(session, { shown }, () => undefined);
    const job = results.find(({ check }) => check === "run-job");
    expect(job?.finding).toContain("Customer doesn't have permissions to invokeModel");
    expect(job?.error?.why).toMatch(/service role has no bedrock:InvokeModel/);
    expect(results.find(({ check }) => check === "run-rows")?.subject).toBe("120 rows: missing");
    expect(results.map(({ check }) => check)).toEqual(expect.arrayContaining(["run-origin", "role-model", "bucket"]));
    // The end screen and the report say the same.
    expect(shown.row.summary?.jobEnds?.[0]?.explanation.id).toBe("E24");
    expect(shown.row.summary?.causes[0]?.explanation?.fix).toContain(`halfprice retry ${id}`);
  });
});

describe("run", () => {
  it("stops before anything is uploaded, at the first check that a job would fail for; fixed by --fix, it answers", async () => {
    const { folder, server, session } = await openEnforced();
    const iam = new IAMClient(clientOptions(server));
    const s3 = new S3Client({ ...clientOptions(server), forcePathStyle: true });
    const RoleName = "BatchRole";
    const root = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" };
    const models = {
      Effect: "Allow",
      Action: "bedrock:InvokeModel",
      Resource: "arn:aws:bedrock:us-east-1::foundation-model/*",
    };
    const breaks: readonly (readonly [code: string, () => Promise<unknown>])[] = [
      ["ROLE_TRUST", () => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: policy(root) }))],
      ["ROLE_RIGHTS", () => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "halfprice-batch" }))],
      [
        "ROLE_RIGHTS",
        async () => {
          await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "halfprice-model" }));
          await iam.send(
            new PutRolePolicyCommand({ RoleName, PolicyName: "one-region", PolicyDocument: policy(models) }),
          );
        },
      ],
      ["ROLE_RIGHTS", () => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "halfprice-files" }))],
    ];
    for (const [index, [code, bend]] of breaks.entries()) {
      await bend();
      const rows = Array.from({ length: 110 }, (_, row) => [`run ${index} row ${row}`]);
      const table = writeFile(folder, `run-${index}.csv`, makeCsv(["text"], rows));
      const request = await readRequest(
        { first: table, prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" },
        parseRunOptions({}, "test"),
      );
      const planned = await planRun(session, request);
      const error = await findFailure(() => checkPlace(session, planned.identity, planned.plan));
      expect(error.code, String(index)).toBe(code);
      const passedBy: string[] = [];
      await checkPlace(session, planned.identity, planned.plan, {
        onPassedBy: ({ error: each }) => passedBy.push(each?.code ?? ""),
      });
      expect(passedBy).toContain(code);
      const { KeyCount: before } = await s3.send(
        new ListObjectsV2Command({ Bucket: "test-bucket", Prefix: `halfprice/runs/${planned.run.id}` }),
      );
      expect(before).toBe(0);
      const found = await diagnose(session, { request }, () => undefined);
      await makeRepairs(session, planRepairs(found.results));
      await checkPlace(session, planned.identity, planned.plan);
      await startRun(session, planned, undefined);
      const { finished } = await driveRun(session, planned.run.id, "follow");
      expect(finished?.summary.outcomeCounts).toMatchObject({ answered: 110 });
    }
    iam.destroy();
    s3.destroy();
  });

  it("stops where the quota of jobs is 0, instead of waiting for a slot for ever", async () => {
    const { folder, session } = await openLocalRun({ quotas: ["jobs-in-flight=0"] });
    const request = await readRequest(
      { first: writeTexts(folder, 120), prompt: "{{text}}", model: "claude-haiku-4.5" },
      parseRunOptions({}, "test"),
    );
    const planned = await planRun(session, request);
    const error = await findFailure(() => checkPlace(session, planned.identity, planned.plan));
    expect(error.code).toBe("QUOTA_ZERO");
    expect(error.fix).toContain("request-service-quota-increase");
  });
});

describe("the command", () => {
  it("shows each result with its fix, exits 3 with a failure, fixes with --fix --yes and then exits 0", async () => {
    const { folder, server, session } = await openEnforced();
    const iam = new IAMClient(clientOptions(server));
    const root = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" };
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "BatchRole", PolicyDocument: policy(root) }));
    iam.destroy();
    const { bucket = "", roleArn = "" } = session.config;
    const place = ["--bucket", bucket, "--role", roleArn, "--model", "claude-haiku-4.5"];
    const env = { ...server.env };

    const seen = await runCli(["doctor", ...place], folder, env);
    expect(seen.code).toBe(3);
    expect(seen.stdout).toContain("FAIL  Bedrock may not assume the role");
    expect(seen.stdout).toContain("fix  halfprice doctor --fix");
    expect(seen.stdout).toContain('"Service": "bedrock.amazonaws.com"');
    expect(seen.stdout).toMatch(/1 fail.*: role-trust/);

    const canary = await runCli(["doctor", ...place, "--canary", "2"], folder, env);
    expect(canary.code).toBe(2);
    expect(canary.stdout).toBe("");
    expect(canary.stderr).toContain("--canary needs a table and a prompt");

    const asked = await runCli(["doctor", ...place, "--fix"], folder, env);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain("--yes makes these changes");

    const json = await runCli(["doctor", ...place, "--json"], folder, env);
    const document = JSON.parse(json.stdout) as {
      isWell: boolean;
      results: { check: string; status: string; code?: string }[];
    };
    expect(json.code).toBe(3);
    expect(document.isWell).toBe(false);
    expect(document.results.find(({ check }) => check === "role-trust")).toMatchObject({
      status: "fail",
      code: "ROLE_TRUST",
    });

    const mended = await runCli(["doctor", ...place, "--fix", "--yes"], folder, env);
    expect(mended.stdout).toContain("add to the trust policy of the role BatchRole");
    expect(mended.stdout).toContain("ready to run");
    expect(mended.code).toBe(0);
  });
});
