import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeParts } from "../../../src/library/parts/part-verbs.ts";
import { joinPart } from "../../../src/run/parts/join-part.ts";
import { preparePart } from "../../../src/run/parts/prepare-part.ts";
import { readPlanFile, readRunFile, runPaths, writeRunFile } from "../../../src/workspace/run-folder.ts";
import { totalMoney } from "../../../src/workspace/total-money.ts";
import { findFailure } from "../../support/failure.ts";
import { openLocalRun } from "../../support/local-run.ts";
import {
  countSent,
  followParts,
  makeFiles,
  makeTexts,
  openPartsRun,
  queryRun,
  repeatText,
  sendAll,
  startTestParts,
  writeLake,
} from "../../support/parts-run.ts";
import { runToEnd } from "../../support/run-to-end.ts";

const quick = { quotas: ["min-records=10"] };

describe("records of a run in parts", () => {
  it("that are equal within a part are sent once", async () => {
    const { session, folder, server } = await openLocalRun(quick);
    const same = (id: number): string => `text number ${id % 15}`;
    const lake = writeLake(folder, { "a.csv": makeTexts(0, 30, same), "b.csv": makeTexts(30, 20) });
    const { summary } = await followParts(
      session,
      await startTestParts(session, join(lake, "*.csv"), { mostFiles: 1 }),
    );
    expect(summary).toMatchObject({ rowCount: 50, recordCount: 35, money: { onceCount: 15 } });
    expect(await countSent(server.url)).toBe(35);
  });

  it("that another part or run has answered are not sent", async () => {
    const { session, folder, server } = await openLocalRun(quick);
    const lake = writeLake(folder, {
      "a.csv": makeTexts(0, 20),
      "b.csv": makeTexts(20, 20),
      "c.csv": makeTexts(0, 40),
    });
    await runToEnd(session, { first: join(lake, "b.csv"), ...repeatText });
    const id = await startTestParts(session, join(lake, "*.csv"), { mostFiles: 1 });
    const prepared: number[] = [];
    for (const part of [1, 2, 3]) {
      prepared.push((await preparePart(session, id, part)).recordCount);
      await sendAll(session, id);
      await joinPart(session, id, part);
      await sendAll(session, id);
    }
    expect(prepared).toEqual([20, 0, 0]);
    const finished = await followParts(session, id);
    expect(finished.summary).toMatchObject({ rowCount: 80, jobCount: 1, outcomeCounts: { answered: 80 } });
    const differing = "SELECT text FROM results GROUP BY 1 HAVING count(DISTINCT answer) > 1";
    expect(await queryRun(finished, differing)).toEqual([]);
    expect(await countSent(server.url)).toBe(40);
    const again = await followParts(session, await startTestParts(session, join(lake, "*.csv"), { mostFiles: 2 }));
    expect(again.summary).toMatchObject({ jobCount: 0, paidUsd: 0, outcomeCounts: { answered: 80 } });
  });

  it("serve a run that is not in parts", async () => {
    const { session, server, table, id } = await openPartsRun(2);
    await followParts(session, id);
    const whole = await runToEnd(session, { first: table, ...repeatText });
    expect(whole.summary).toMatchObject({ jobCount: 0, money: { earlierCount: 40 }, outcomeCounts: { answered: 40 } });
    expect(await countSent(server.url)).toBe(40);
  });
});

describe("the money of a run in parts", () => {
  it("is kept below one cap by all of its parts, and counts once in the totals", async () => {
    const { session, folder, server } = await openLocalRun(quick);
    const table = join(writeLake(folder, makeFiles(4)), "*.csv");
    const size = { mostFiles: 1 };
    const whole = await startTestParts(session, table, size, { maxTokens: 100, fullRefresh: true });
    const { summary, plan } = await followParts(session, whole);
    const partUsd = (plan.costUsd?.high ?? Number.NaN) / 4;
    // What parts have really cost makes room for further ones: each is much below its upper estimate.
    const enough = await startTestParts(session, table, size, {
      ...{ maxTokens: 100, fullRefresh: true, maxCostUsd: plan.costUsd?.high ?? 0 },
    });
    expect((await followParts(session, enough)).summary.paidUsd).toBeCloseTo(summary.paidUsd ?? Number.NaN, 12);
    const refused = await findFailure(
      () => startTestParts(session, table, size, { maxTokens: 100, fullRefresh: true, maxCostUsd: partUsd }),
      "MAX_COST",
    );
    expect(refused.details).toMatchObject({ option: "--max-cost", spentUsd: 0 });
    expect(await countSent(server.url)).toBe(160);
    const { totals, runs } = await totalMoney(session);
    expect(runs.map(({ id, reservedUsd }) => [id, reservedUsd])).toEqual([
      [enough, 0],
      [whole, 0],
    ]);
    expect(totals[0]?.money.paidUsd).toBeCloseTo(2 * (summary.paidUsd ?? Number.NaN), 12);
  });

  it("stops at the cap where parts may cost more than is left: what was sent is joined, and more leave goes on with the rest", async () => {
    const { session, server, id } = await openPartsRun(2, {}, { maxTokens: 100, maxCostUsd: 1 });
    const paths = runPaths(session.config.workspace, id);
    const partUsd = (readPlanFile(paths).costUsd?.high ?? Number.NaN) / 2;
    // Nothing was known of it when the run began: as where files hold more than some of them have shown.
    writeRunFile(paths, { ...readRunFile(paths), maxCostUsd: partUsd * 1.05 });
    const barred = await findFailure(() => followParts(session, id), "MAX_COST");
    expect(barred.details).toMatchObject({ option: "--max-cost", reservedUsd: 0 });
    expect(barred.details.spentUsd).toBeGreaterThan(0);
    const { counts } = await describeParts(session, id);
    expect(counts).toEqual({ prepare: 0, submit: 1, wait: 0, join: 0, done: 1 });
    expect(await countSent(server.url)).toBe(20);
    writeRunFile(paths, { ...readRunFile(paths), maxCostUsd: partUsd * 2 });
    expect((await followParts(session, id)).summary).toMatchObject({ rowCount: 40, outcomeCounts: { answered: 40 } });
    expect(await countSent(server.url)).toBe(40);
  });
});
