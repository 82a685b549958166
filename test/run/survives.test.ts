import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type HalfpriceError } from "../../src/foundation/errors/index.ts";
import { type LocalOptions, startLocal } from "../../src/local/index.ts";
import { exportRun } from "../../src/run/finish/finish-run.ts";
import { recordOutput } from "../../src/run/plan/check-run-plan.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { runPaths } from "../../src/workspace/run-folder.ts";
import { makeSession, openWorkspace, type Session } from "../../src/workspace/session.ts";
import { showRun } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";
import { clientOptions, placeOn } from "../support/local-place.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";

type Calls = NonNullable<NonNullable<LocalOptions["faults"]> & object>;

/** Every sleep is a short one; trouble is written down. */
async function openTroubled(options: LocalOptions = {}) {
  const troubles: string[] = [];
  const hooks = {
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    onTrouble: (error: HalfpriceError) => troubles.push(error.code),
  };
  const run = await openLocalRun(options, hooks);
  return { ...run, troubles };
}

const sent = async (session: Session, folder: string, count = 120): Promise<string> => {
  const id = await startTestRun(session, writeTexts(folder, count));
  await driveRun(session, id, "once");
  return id;
};

describe("a run outlives", () => {
  it.each([
    ["a service that breaks for a while", "ListModelInvocationJobs", "internal", 10, 5],
    ["a network that is gone for a while", "*", { kind: "reset" }, 40, 12],
  ] as const)("%s, and says so", async (_name, operation, fault, after, times) => {
    const calls: Calls["calls"] = [{ operation, fault, after, times }];
    const { folder, session, troubles } = await openTroubled({ speed: 400, faults: { calls } });
    const id = await sent(session, folder);
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 120 } });
    expect(troubles.join()).toMatch(/SERVICE_REFUSED|UNREACHABLE/);
  });

  it("throttling of CreateModelInvocationJob: what is refused waits for a later pass", async () => {
    const { folder, session } = await openTroubled({
      quotas: ["min-records=10", "records-per-job=20"],
      faults: { calls: [{ operation: "CreateModelInvocationJob", fault: "throttling", after: 2, times: 5 }] },
    });
    const id = await startTestRun(session, writeTexts(folder, 120));
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 6, outcomeCounts: { answered: 120 } });
  });

  it("credentials that expire: it says so, waits, and goes on when the profile's file has new ones", async () => {
    let wallMs = Date.now();
    const folder = makeFolder();
    const troubles: string[] = [];
    const server = await startLocal({ verifySignatures: true, wallMs: () => wallMs, speed: 200, seed: 1 });
    onTestFinished(() => server.close());
    const { bucket, roleArn } = await placeOn(server, { bucket: "test-bucket" });
    const file = join(folder, "credentials");
    const write = async (): Promise<void> => {
      const { STSClient, GetSessionTokenCommand } = await import("@aws-sdk/client-sts");
      const sts = new STSClient(clientOptions(server));
      const { Credentials: given } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
      sts.destroy();
      const lines = [
        `aws_access_key_id = ${given?.AccessKeyId}`,
        `aws_secret_access_key = ${given?.SecretAccessKey}`,
        `aws_session_token = ${given?.SessionToken}`,
      ];
      writeFileSync(file, `[work]\n${lines.join("\n")}\n`);
    };
    await write();
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", file);
    onTestFinished(() => void vi.unstubAllEnvs());
    let sleeps = 0;
    const session = makeSession(
      {
        workspace: join(folder, ".halfprice"),
        region: server.region,
        profile: "work",
        endpointUrl: server.url,
        prefix: "halfprice/",
        bucket,
        roleArn,
      },
      {
        onTrouble: (error) => troubles.push(error.code),
        async sleep(ms) {
          sleeps += 1;
          // The session's quarter of an hour is over; three looks later somebody logs in again.
          if (sleeps === 1) wallMs += 20 * 60_000;
          if (sleeps === 4) {
            wallMs = Date.now();
            await write();
          }
          await new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 20)));
        },
      },
    );
    const id = await startTestRun(session, writeTexts(folder, 120));
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 120 } });
    expect(troubles.length).toBeGreaterThan(1);
    expect(new Set(troubles)).toEqual(new Set(["CREDENTIALS_REFUSED"]));
  });

  it.each([
    ["forward", 40 * 24 * 3_600_000],
    ["back", -40 * 24 * 3_600_000],
  ])("a clock that jumps %s", async (_name, byMs) => {
    const { folder, session } = await openTroubled();
    const id = await sent(session, folder);
    const later = { ...session, nowMs: () => Date.now() + byMs };
    const { finished } = await driveRun(later, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 120 }, discrepancies: [] });
    expect(finished?.summary.durationMs).toBeGreaterThanOrEqual(0);
  });
});

describe("a disk that is full", () => {
  /** A file of this name that takes no byte. */
  const fill = (path: string): void => symlinkSync("/dev/full", path);

  it("while output is fetched is an error of its own; nothing is torn, and the run goes on when there is space", async () => {
    const { folder, session } = await openTroubled({ speed: 60_000 });
    const id = await sent(session, folder);
    const { shards, paths } = await showRun(session, id);
    const jobId = shards[0]?.attempt?.jobArn?.split("/").at(-1) ?? "";
    const output = join(paths.directory, "output", jobId);
    mkdirSync(output, { recursive: true });
    fill(join(output, "shard-00001.jsonl.out.tmp"));
    const error = await findFailure(() => driveRun(session, id, "follow"));
    expect([error.code, error.message]).toEqual(["DISK", expect.stringContaining("the disk is full")]);
    rmSync(join(output, "shard-00001.jsonl.out.tmp"));
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 120 }, discrepancies: [] });
  });

  it("while the table is written leaves the one of before, and is written when there is space", async () => {
    const { folder, session } = await openTroubled({ speed: 60_000 });
    const id = await sent(session, folder);
    const { results } = runPaths(session.config.workspace, id);
    fill(`${results}.tmp`);
    expect((await findFailure(() => driveRun(session, id, "follow"))).code).toBe("DISK");
    rmSync(`${results}.tmp`);
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(120);
  });

  it("while the ledger announces a job makes no job", async () => {
    const { folder, session, server } = await openTroubled({ speed: 60_000 });
    const id = await startTestRun(session, writeTexts(folder, 120));
    const ledger = await openWorkspace(session.config);
    ledger.exec(
      "CREATE TRIGGER full BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    expect((await findFailure(() => driveRun(session, id, "follow"))).code).toBe("DISK");
    const { BedrockClient, ListModelInvocationJobsCommand } = await import("@aws-sdk/client-bedrock");
    const bedrock = new BedrockClient(clientOptions(server));
    onTestFinished(() => bedrock.destroy());
    expect((await bedrock.send(new ListModelInvocationJobsCommand({}))).invocationJobSummaries).toEqual([]);
    ledger.exec("DROP TRIGGER full");
    ledger.close();
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.jobCount).toBe(1);
  });
});

describe("a table that cannot be written where it was wanted", () => {
  it("ends the run all the same, and is exported from it", async () => {
    const { folder, session } = await openTroubled();
    const id = await sent(session, folder);
    await recordOutput(session, id, join(folder, "gone", "answers.csv"));
    expect((await findFailure(() => driveRun(session, id, "follow"))).code).toBe("BAD_OUTPUT");
    const { row, paths } = await showRun(session, id);
    expect([row.state, row.summary?.outcomeCounts.answered]).toEqual(["done", 120]);
    await exportRun(paths, join(folder, "answers.csv"));
  });
});

describe("a run that another process works on", () => {
  const owner = "UPDATE runs SET owner_pid = ?, owner_host = ?, owner_seen_at = ? WHERE id = ?";

  it("is followed, and taken over when that process is gone", async () => {
    const { folder, session } = await openTroubled({ speed: 60_000 });
    const id = await sent(session, folder);
    const ledger = await openWorkspace(session.config);
    onTestFinished(() => ledger.close());
    // Process 1 is there as long as the machine.
    ledger.prepare(owner).run(1, hostname(), Date.now(), id);
    let followed = 0;
    const follower = {
      ...session,
      onProgress: ({ isFollower }: { isFollower?: boolean }) => {
        followed += isFollower === true ? 1 : 0;
      },
      async sleep(ms: number) {
        if (followed === 3) ledger.prepare(owner).run(1, hostname(), Date.now() - 3_600_000, id);
        await session.sleep(ms);
      },
    };
    expect((await findFailure(() => driveRun(session, id, "once"))).code).toBe("RUN_BUSY");
    const { finished } = await driveRun(follower, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(120);
    expect(followed).toBe(3);
  });

  it("ends for both in the same result, which the follower only reads", async () => {
    const { folder, session } = await openTroubled({ speed: 60_000 });
    const id = await sent(session, folder);
    const { finished: first } = await driveRun(session, id, "follow");
    const ledger = await openWorkspace(session.config);
    onTestFinished(() => ledger.close());
    ledger.prepare(owner).run(1, hostname(), Date.now(), id);
    const steps: string[] = [];
    const follower = {
      ...session,
      onStep: (step: string) => void steps.push(step),
      async sleep() {
        ledger.prepare(owner).run(null, null, null, id);
        return Promise.resolve();
      },
    };
    const { finished } = await driveRun(follower, id, "follow");
    expect(finished?.summary).toEqual(first?.summary);
    expect(steps).toEqual([]);
  });
});

describe("a copy of the workspace", () => {
  it("goes on on another machine, where nothing of this one is", async () => {
    const { folder, session } = await openTroubled({ speed: 2000 });
    const id = await sent(session, folder);
    const elsewhere = makeFolder();
    cpSync(join(folder, ".halfprice"), join(elsewhere, ".halfprice"), { recursive: true });
    const other = { ...session, config: { ...session.config, workspace: join(elsewhere, ".halfprice") } };
    const ledger = await openWorkspace(other.config);
    // Its owner was on the other machine, and has said nothing for a while.
    ledger
      .prepare("UPDATE runs SET owner_pid = 7, owner_host = 'elsewhere', owner_seen_at = ?")
      .run(Date.now() - 3_600_000);
    ledger.close();
    rmSync(join(folder, ".halfprice", "runs"), { recursive: true });
    const { finished } = await driveRun(other, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 120 } });
    expect(finished?.paths.results.startsWith(elsewhere)).toBe(true);
  });
});
