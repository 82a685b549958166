import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { driveRun } from "../../../src/run/start-and-resume/drive-run.ts";
import { previewTable } from "../../../src/workspace/preview-table.ts";
import { runPaths } from "../../../src/workspace/run-folder.ts";
import { showRun } from "../../../src/workspace/show-run.ts";
import { findFailure } from "../../support/failure.ts";
import { openLocalRun, sessionOn, startTestRun, writeTexts } from "../../support/local-run.ts";

describe("a run on the local service", () => {
  it("ends in a table with exactly the rows of its input, in order, each with one outcome", async () => {
    const { folder, session } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 250));
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({
      rowCount: 250,
      recordCount: 250,
      jobCount: 1,
      discrepancies: [],
      causes: [],
      outcomeCounts: { answered: 250 },
    });
    const rows = await previewTable(runPaths(session.config.workspace, id), 1000);
    expect(rows.map((row) => row["id"])).toEqual(Array.from({ length: 250 }, (_, index) => String(index)));
    expect(rows.every((row) => row["_halfprice_outcome"] === "answered" && row["answer"] !== null)).toBe(true);
    const cost = rows.reduce((sum, row) => sum + Number(row["_halfprice_cost_usd"]), 0);
    expect(cost).toBeCloseTo(finished?.summary.paidUsd ?? -1, 10);
  });

  it("agrees with the manifest, and leaves the files that a run has", async () => {
    const { folder, session } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 120));
    const { finished } = await driveRun(session, id, "follow");
    const { shards, paths } = await showRun(session, id);
    const manifest = JSON.parse(shards[0]?.attempt?.manifest ?? "{}") as Record<string, number>;
    expect(manifest).toMatchObject({ totalRecordCount: 120, successRecordCount: 120, errorRecordCount: 0 });
    expect(manifest["inputTokenCount"]).toBe(finished?.summary.usage.inputTokens);
    expect(manifest["outputTokenCount"]).toBe(finished?.summary.usage.outputTokens);
    const names = readdirSync(paths.directory).sort();
    for (const name of [
      "run.json",
      "plan.json",
      "rows.csv",
      "records.parquet",
      "input",
      "output",
      "results.parquet",
      "report.html",
    ]) {
      expect(names).toContain(name);
    }
    expect(names.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(readFileSync(paths.report, "utf8")).not.toMatch(/<script|https?:\/\//);
  });

  it("is cut into jobs that run side by side, and joined again", async () => {
    const { folder, session } = await openLocalRun({
      quotas: ["records-per-job=150"],
    });
    const id = await startTestRun(session, writeTexts(folder, 400));
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(400);
    expect(finished?.summary.jobCount).toBe(3);
  });

  it("is taken up by another process from wherever it is, and makes no job twice", async () => {
    const { folder, session, server } = await openLocalRun({ speed: 2000 });
    const id = await startTestRun(session, writeTexts(folder, 200));
    const first = await driveRun(session, id, "once");
    expect(first.finished).toBeUndefined();
    const later = await sessionOn(server, folder);
    const { finished } = await driveRun(later, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 200 } });
  });

  it("is not taken up from another region", async () => {
    const { folder, session } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 120));
    const elsewhere = { ...session, connection: { ...session.connection, region: "eu-west-1" } };
    expect((await findFailure(() => driveRun(elsewhere, id, "once"))).code).toBe("WRONG_ORIGIN");
  });

  it("keeps what a stopped job has made, and says so", async () => {
    const { folder, session } = await openLocalRun({ speed: 600 });
    const id = await startTestRun(session, writeTexts(folder, 200));
    await driveRun(session, id, "once");
    const { finished } = await driveRun(session, id, "stop");
    expect(finished?.shards[0]?.attempt?.status).toBe("Stopped");
    expect(finished?.summary.discrepancies.join()).toMatch(/ended Stopped/);
    const { answered, missing } = finished?.summary.outcomeCounts ?? { answered: 0, missing: 0 };
    expect(answered + missing).toBe(200);
    expect((await showRun(session, id)).row.state).toBe("stopped");
  });
});

describe("the name of a run", () => {
  it("is its id, the start of it, or what it was called", async () => {
    const { folder, session } = await openLocalRun();
    const id = await startTestRun(session, writeTexts(folder, 120));
    expect((await showRun(session, id.slice(0, 10))).row.id).toBe(id);
    expect((await showRun(session, "texts")).row.id).toBe(id);
    const error = await findFailure(() => showRun(session, "texts-repeet"), "UNKNOWN_RUN");
    expect(error.details.nearest).toBe("texts-repeat");
  });
});

describe("a table in S3", () => {
  it("is fetched from the run's own endpoint, and a missing one is no file", async () => {
    const { folder, session, server } = await openLocalRun();
    const put = await fetch(`${server.url}/test-bucket/in/texts.csv`, {
      method: "PUT",
      body: readFileSync(writeTexts(folder, 130)),
    });
    expect(put.status).toBe(200);
    const id = await startTestRun(session, "s3://test-bucket/in/texts.csv");
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(130);
    const missing = await findFailure(() => startTestRun(session, "s3://test-bucket/in/nothing.csv"));
    expect([missing.code, missing.message]).toEqual([
      "NO_SUCH_FILE",
      expect.stringContaining("s3://test-bucket/in/nothing.csv"),
    ]);
  });
});
