import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findFailure } from "../support/failure.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun, writeTexts } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const prompt = { prompt: "Of {{row}} say: {{text}}", model: "claude-haiku-4.5" };

describe("several answers of a row", () => {
  it("are sent apart, and come as rows of their own, one after the other, with their numbers", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeTexts(folder, 60);
    const finished = await runToEnd(session, { first, ...prompt }, { answersPerRow: 3 });
    const { plan, summary, paths } = finished;
    expect([plan.rowCount, plan.recordCount, summary.outcomeCounts.answered]).toEqual([180, 180, 180]);
    const lines = readFileSync(join(paths.directory, "input", "records.jsonl"), "utf8")
      .trim()
      .split("\n");
    const bodies = lines.map((line) => line.slice(line.indexOf('"modelInput"')));
    // The number is in the name, and nowhere in what the model reads.
    expect([new Set(lines).size, new Set(bodies).size]).toEqual([180, 60]);
    expect(bodies[0]).not.toContain("halfprice_answer");
    const rows = await readResults(
      finished,
      "SELECT id, _halfprice_answer_number AS number, _halfprice_record_id AS record FROM results",
    );
    expect(rows.map(({ id, number }) => [id, number])).toEqual(
      Array.from({ length: 180 }, (_, index) => [String(Math.floor(index / 3)), (index % 3) + 1]),
    );
    expect(new Set(rows.map(({ record }) => record)).size).toBe(180);
  });

  it("of equal rows are shared, answer by answer; the first is the one that a run of one answer has", async () => {
    const { session, folder } = await openLocalRun();
    const one = await runToEnd(session, { first: writeTexts(folder, 110), prompt: "{{text}}", model: "nova-micro" });
    const texts = Array.from({ length: 110 }, (_, index) => [`text number ${index}`]);
    const first = writeFile(folder, "twice.csv", makeCsv(["text"], [...texts, ...texts]));
    const several = { first, prompt: "{{text}}", model: "nova-micro" };
    const { plan, summary } = await runToEnd(session, several, { answersPerRow: 2 });
    expect([plan.rowCount, plan.duplicateCount, plan.earlier?.requestCount, plan.recordCount]).toEqual([
      440, 220, 110, 110,
    ]);
    expect(summary.outcomeCounts.answered).toBe(440);
    expect(one.summary.recordCount).toBe(110);
  });

  it("are refused where the table has a column of their number's name", async () => {
    const { session, folder } = await openLocalRun();
    const first = writeFile(folder, "t.csv", makeCsv(["text", "_halfprice_answer_number"], [["a", "1"]]));
    const error = await findFailure(() => runToEnd(session, { first, ...prompt }, { answersPerRow: 2 }));
    expect(error.code).toBe("COLUMN_COLLISION");
  });
});
