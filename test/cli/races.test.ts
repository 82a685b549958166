import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCase } from "../support/case-files.ts";
import { endWell, openRace } from "../support/racing.ts";

/** So many requests on demand are in the air at most, which a kill makes lost. */
const concurrency = 32;

describe("processes that start the same work at the same time", () => {
  it("with equal tables send it once, and each writes its own whole table", async () => {
    const race = await openRace();
    const args = race.runArgs("one", 0, 300);
    renameSync(join(openCase("same-run-twice", race.folder), "t.csv"), join(race.folder, "one.csv"));
    const two = [...args.slice(0, -1), "two-out.jsonl"];
    const three = [...args.slice(0, -1), "three-out.jsonl"];
    await endWell([args, two, three].map((each) => race.start(...each)));
    expect(await race.countBatch()).toBe(300);
    expect(["one", "two", "three"].map((name) => race.countAnswered(name))).toEqual([300, 300, 300]);
  }, 300_000);

  it("with tables that overlap send each request once, in all of five processes", async () => {
    const race = await openRace();
    const tables: [string, number, number][] = [
      ["a", 0, 200],
      ["b", 100, 300],
      ["c", 50, 150],
      ["d", 250, 400],
      ["e", 0, 400],
    ];
    await endWell(tables.map((table) => race.start(...race.runArgs(...table))));
    expect(await race.countBatch()).toBe(400);
    expect(tables.map(([name]) => race.countAnswered(name))).toEqual([200, 200, 100, 150, 400]);
  }, 300_000);

  it("on demand ask each request once", async () => {
    const race = await openRace({ quotas: ["min-records=1000"] });
    const lane = ["--below-minimum", "on-demand"];
    const starts = [
      race.runArgs("a", 0, 60, ...lane),
      race.runArgs("b", 30, 90, ...lane),
      race.runArgs("c", 0, 60, ...lane, "--name", "other"),
    ];
    await endWell(starts.map((args) => race.start(...args)));
    expect([race.countOnDemand(), await race.countBatch()]).toEqual([90, 0]);
    expect(["a", "b", "c"].map((name) => race.countAnswered(name))).toEqual([60, 60, 60]);
  }, 300_000);

  it("with a canary of the same records ask it once", async () => {
    const race = await openRace();
    const starts = [
      race.runArgs("a", 0, 100, "--canary", "10", "--name", "a"),
      race.runArgs("b", 0, 120, "--canary", "10", "--name", "b"),
    ];
    await endWell(starts.map((args) => race.start(...args)));
    expect((await race.countBatch()) + race.countOnDemand()).toBe(120);
    expect(["a", "b"].map((name) => race.countAnswered(name))).toEqual([100, 120]);
  }, 300_000);
});

describe("processes that share records, one of which is killed", () => {
  it("go on with its run, and send nothing twice", async () => {
    const race = await openRace({ speed: 300 });
    const killed = race.start(...race.runArgs("a", 0, 200));
    await killed.waitFor(/model-invocation-job/);
    const others = [race.start(...race.runArgs("b", 100, 300)), race.start(...race.runArgs("c", 0, 250))];
    await Promise.all(others.map((other) => other.waitFor(/in flight in run|waiting for run/)));
    killed.child.kill("SIGKILL");
    await killed.done;
    await endWell(others);
    await endWell([race.start(...race.runArgs("a", 0, 200))]);
    expect(await race.countBatch()).toBe(300);
    expect(["a", "b", "c"].map((name) => race.countAnswered(name))).toEqual([200, 200, 250]);
  }, 300_000);

  it("on demand repeat at most what was in the air at the kill", async () => {
    const race = await openRace({ quotas: ["min-records=10000"] });
    const lane = ["--below-minimum", "on-demand"];
    const killed = race.start(...race.runArgs("a", 0, 400, ...lane));
    const other = race.start(...race.runArgs("b", 200, 500, ...lane));
    await killed.waitFor(/asking|waiting|records/);
    killed.child.kill("SIGKILL");
    await killed.done;
    await endWell([other, race.start(...race.runArgs("a", 0, 400, ...lane))]);
    expect(race.countOnDemand()).toBeGreaterThanOrEqual(500);
    expect(race.countOnDemand()).toBeLessThanOrEqual(500 + concurrency);
    expect(["a", "b"].map((name) => race.countAnswered(name))).toEqual([400, 300]);
  }, 300_000);
});
