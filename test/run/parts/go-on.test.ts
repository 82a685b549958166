import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeParts } from "../../../src/library/parts/part-verbs.ts";
import { driveParts } from "../../../src/run/parts/drive-parts.ts";
import { joinPart } from "../../../src/run/parts/join-part.ts";
import { workElsewhere, workHere } from "../../../src/run/parts/part-tasks.ts";
import { preparePart } from "../../../src/run/parts/prepare-part.ts";
import { planPartsRetry, startPartsRetry } from "../../../src/run/parts/retry-parts.ts";
import { findFailure } from "../../support/failure.ts";
import {
  countSent,
  followParts,
  makeFiles,
  openPartsRun,
  queryRun,
  sendAll,
  writeLake,
} from "../../support/parts-run.ts";

describe("a retry of a run in parts", () => {
  it("prepares, sends and joins the parts again that can get better answers, and no others", async () => {
    // What is sent again gets its answer.
    const faults = { records: [{ job: "*", fault: "throttled", times: 7 }] } as const;
    const { session, id } = await openPartsRun(2, { faults }, { belowMinimum: "on-demand" });
    const first = await followParts(session, id);
    const { error } = first.summary.outcomeCounts;
    expect([first.summary.outcomeCounts.answered, error, first.summary.retry?.recordCount]).toEqual([33, 7, 7]);
    const retry = await planPartsRetry(session, id, {});
    expect(retry.recordCount).toBe(error);
    await startPartsRetry(session, retry, {});
    const again = await followParts(session, id);
    expect(again.summary).toMatchObject({
      rowCount: 40,
      recordCount: 40 + error,
      outcomeCounts: { answered: 40, error: 0 },
      money: { earlierCount: 0 },
    });
    expect(again.summary.paidUsd).toBeGreaterThan(first.summary.paidUsd ?? Number.NaN);
    expect(await queryRun(again, "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM results")).toEqual([
      { n: 40, ids: 40 },
    ]);
    const { parts } = await describeParts(session, id);
    expect(parts.map(({ step }) => step)).toEqual(["done", "done"]);
    expect(await planPartsRetry(session, id, {})).toMatchObject({ parts: [], recordCount: 0 });
  });
});

describe("a run in parts that is stopped", () => {
  it("joins what was sent, and a retry does the rest", async () => {
    const { session, server, id } = await openPartsRun(3);
    await preparePart(session, id, 1);
    await sendAll(session, id);
    const { finished } = await driveParts(session, id, "stop", () => workHere(session, id));
    expect(finished?.summary).toMatchObject({ rowCount: 20, outcomeCounts: { answered: 20 } });
    expect((await describeParts(session, id)).counts).toMatchObject({ prepare: 2, done: 1 });
    const retry = await planPartsRetry(session, id, {});
    expect(retry).toMatchObject({ recordCount: 0, unjoinedCount: 2 });
    await startPartsRetry(session, retry, {});
    const whole = await followParts(session, id);
    expect(whole.summary).toMatchObject({ rowCount: 60, outcomeCounts: { answered: 60 } });
    expect(await countSent(server.url)).toBe(60);
  });
});

describe("one pass over a run in parts", () => {
  it("does what can be done now, and leaves jobs to themselves", async () => {
    // An hour of a job takes six minutes: none ends while it looks.
    const { session, id } = await openPartsRun(2, { speed: 10 });
    const { finished, pass } = await driveParts(session, id, "once", () => workHere(session, id));
    expect([finished, pass.pendingCount]).toEqual([undefined, 2]);
    expect((await describeParts(session, id)).counts).toEqual({ prepare: 0, submit: 0, wait: 2, join: 0, done: 0 });
  });
});

describe("whoever only submits", () => {
  it("leaves preparing and joining to others, and ends the run once they have done both", async () => {
    const { session, id } = await openPartsRun(2);
    const pass = () => driveParts(session, id, "once", () => workElsewhere);
    expect((await pass()).finished).toBeUndefined();
    expect((await describeParts(session, id)).counts).toMatchObject({ prepare: 2 });
    const following = driveParts(session, id, "follow", () => workElsewhere);
    for (const part of [1, 2]) await preparePart(session, id, part);
    for (const part of [1, 2]) {
      for (let isJoined = false; !isJoined; ) {
        isJoined = await joinPart(session, id, part).then(
          () => true,
          () => false,
        );
        await session.sleep(50);
      }
    }
    expect((await following).finished?.summary).toMatchObject({ rowCount: 40, outcomeCounts: { answered: 40 } });
  });
});

describe("what stands in the way of one part", () => {
  it("lets the others go on, and is said at the end", async () => {
    const { session, folder, lake, id } = await openPartsRun(3);
    rmSync(join(lake, "1.csv"));
    await findFailure(() => followParts(session, id), "NO_SUCH_FILE");
    expect((await describeParts(session, id)).counts).toMatchObject({ prepare: 1, done: 2 });
    writeLake(folder, makeFiles(3));
    expect((await followParts(session, id)).summary).toMatchObject({ rowCount: 60, outcomeCounts: { answered: 60 } });
  });
});
