import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { openCase, readCase } from "../support/case-files.ts";
import { placeOn } from "../support/local-place.ts";
import { openRace, type Race } from "../support/racing.ts";

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly trouble?: string;
  readonly reservedUsd?: number;
}

async function listRuns(race: Race): Promise<Listed[]> {
  const { stdout } = await race.run("runs", "--json");
  return (JSON.parse(stdout) as { runs: Listed[] }).runs;
}

const runFolders = ({ folder }: Race): string => join(folder, ".halfprice", "runs");

describe("a run whose job the service refuses for good", () => {
  const refusing = {
    calls: [
      {
        operation: "CreateModelInvocationJob",
        fault: {
          kind: "error",
          status: 404,
          type: "ResourceNotFoundException",
          message: "This model version has ended.",
        },
      },
    ],
  } as never;

  it("reserves nothing, is listed as refused, and is given up with stop", async () => {
    const race = await openRace({ faults: JSON.parse(readCase("reservation-of-refused-job", "faults.json")) as never });
    const args = race.runArgs("t", 0, 20, "--name", "eol");
    openCase("reservation-of-refused-job", race.folder);
    const refused = await race.run(...args);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("end of its life")]);
    const [before] = await listRuns(race);
    expect(before).toMatchObject({ name: "eol", trouble: "refused", reservedUsd: 0 });
    expect((await race.run("runs")).stdout).toContain(`halfprice stop ${before?.id}`);
    expect((await race.run("stop", "eol", "--yes")).code).toBe(0);
    const [after] = await listRuns(race);
    expect([after?.state, after?.trouble, after?.reservedUsd]).toEqual(["stopped", undefined, 0]);
    // There is room for one such run, at its upper estimate, and not for two.
    const cap = ["--prompt", "other {{text}}", "--model", "claude-haiku-4.5", "--max-cost-total", "0.01"];
    const plan = await race.run("plan", "t.csv", ...cap);
    expect([plan.code, plan.stderr]).toEqual([0, expect.not.stringContaining("MAX_COST")]);
    // Nothing of it is there to be cleaned for ever either.
    expect((await race.run("clean", "eol", "--yes")).code).toBe(0);
  }, 60_000);

  it("goes on when it is resumed and taken, and then there has to be room for it", async () => {
    const faults = { calls: [{ ...(refusing as { calls: object[] }).calls[0], times: 1 }] } as never;
    const race = await openRace({ faults });
    expect((await race.run(...race.runArgs("t", 0, 20))).code).toBe(3);
    expect((await race.run("resume", "t")).code).toBe(0);
    expect([race.countAnswered("t"), await race.countBatch()]).toEqual([20, 20]);
  }, 60_000);
});

describe("a run under way whose folder is gone", () => {
  it("is listed as that, given up with stop, and the same command begins it anew", async () => {
    const race = await openRace({ speed: 1 });
    const args = race.runArgs("t", 0, 20);
    openCase("run-folder-gone", race.folder);
    expect((await race.run(...args, "--detach")).code).toBe(5);
    rmSync(runFolders(race), { recursive: true });
    const [listed] = await listRuns(race);
    expect(listed?.trouble).toBe("files gone");
    for (const command of [["resume", "t"], ["collect", "t"], ["show", "t"], ["clean", "t", "--yes"], args]) {
      const { code, stderr } = await race.run(...command);
      expect([command[0], code, stderr]).toEqual([
        command[0],
        2,
        expect.stringContaining(`halfprice stop ${listed?.id}`),
      ]);
      expect(stderr).not.toContain("BUG");
    }
    const stopped = await race.run("stop", "t");
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringContaining("1 job of it was asked to stop")]);
    const [after] = await listRuns(race);
    expect([after?.state, after?.trouble, after?.reservedUsd]).toEqual(["stopped", undefined, 0]);
    // Once more changes nothing, and says nothing else.
    expect((await race.run("stop", "t")).code).toBe(0);
    expect((await race.run(...args, "--detach")).code).toBe(5);
    expect((await listRuns(race)).map(({ state }) => state)).toEqual(["running", "stopped"]);
  }, 90_000);

  it("with a broken run.json stops no plan of something else, and is given up the same way", async () => {
    const race = await openRace({ speed: 1 });
    expect((await race.run(...race.runArgs("t", 0, 20), "--detach")).code).toBe(5);
    const [id = ""] = readdirSync(runFolders(race));
    writeFileSync(join(runFolders(race), id, "run.json"), '{"version": 1, "id"');
    expect((await race.run(...race.runArgs("other", 10, 30), "--detach")).code).toBe(5);
    expect((await listRuns(race)).map(({ trouble }) => trouble)).toEqual([undefined, "cannot be read"]);
    expect((await race.run("clean", "--yes")).code).toBe(0);
    expect((await race.run("stop", "t")).code).toBe(0);
    expect((await race.run("clean", "t", "--yes")).code).toBe(0);
    expect((await race.run("clean", "t", "--plan")).stdout).not.toContain("object");
  }, 90_000);
});

describe("clean", () => {
  it("refuses an empty name, as every command does", async () => {
    const race = await openRace();
    expect((await race.run(...race.runArgs("t", 0, 20))).code).toBe(0);
    for (const command of ["clean", "stop", "show"]) {
      const { code, stderr } = await race.run(command, "", "--yes");
      expect([code, stderr]).toEqual([2, expect.stringContaining("name of the run is empty")]);
    }
    expect(await listRuns(race)).toMatchObject([{ state: "done" }]);
  }, 60_000);
});

describe("a job that the service does not know", () => {
  it("is said by every command that looks at the run, and its records are sent again after a stop", async () => {
    const race = await openRace({ speed: 1 });
    const { port } = race.server;
    const args = race.runArgs("w", 0, 25);
    renameSync(join(openCase("job-unknown-to-service", race.folder), "t.csv"), join(race.folder, "w.csv"));
    expect((await race.run(...args, "--detach")).code).toBe(5);
    // The service is started anew, and empty.
    await race.server.close();
    const again = await startLocal({ port, speed: 2000, seed: 2, quotas: ["min-records=1"] });
    onTestFinished(() => again.close());
    await placeOn(again);
    const shown = await race.run("show", "w");
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/does not know this job \(120 records\)/)]);
    expect(shown.stdout).toMatch(/halfprice stop \S+ && halfprice retry \S+/);
    for (const command of [
      ["collect", "w"],
      ["resume", "w"],
    ]) {
      const { code, stderr } = await race.run(...command);
      expect([code, stderr]).toEqual([3, expect.stringContaining("JOB_UNKNOWN")]);
    }
    const doctor = await race.run("doctor", "--run", "w", "--json");
    const results = (JSON.parse(doctor.stdout) as { results: { code?: string }[] }).results;
    expect([doctor.code, results.map(({ code }) => code)]).toEqual([3, expect.arrayContaining(["JOB_UNKNOWN"])]);
    expect(await listRuns(race)).toMatchObject([{ trouble: "job unknown", reservedUsd: 0 }]);
    expect((await race.run("stop", "w")).code).toBe(0);
    expect((await race.run("retry", "w", "--yes")).code).toBe(0);
    expect([race.countAnswered("w"), await race.countBatch()]).toEqual([120, 120]);
    const [row] = await listRuns(race);
    expect(row).toMatchObject({ state: "done", reservedUsd: 0 });
  }, 120_000);
});

it("the offered retry goes to the service that the run is at", async () => {
  const race = await openRace({ faults: { seed: 1, records: [{ fault: "throttled", times: 5 }] } as never });
  const { stdout } = await race.run(...race.runArgs("t", 0, 20));
  const [, hint = ""] = /can be sent again.*: (halfprice retry .*)/.exec(stdout) ?? [];
  expect((await race.run("show", "t")).stdout).toContain(hint);
  expect((await race.run(...hint.split(" ").slice(1), "--yes")).code).toBe(0);
  expect([race.countAnswered("t"), await race.countBatch()]).toEqual([20, 25]);
  expect(existsSync(join(race.folder, ".halfprice", "local"))).toBe(false);
}, 60_000);
