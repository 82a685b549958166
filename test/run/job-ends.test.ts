import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LocalOptions } from "../../src/local/index.ts";
import { type FinishedRun } from "../../src/run/finish/finish-run.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { showRun } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";

type Faults = NonNullable<LocalOptions["faults"]>;

/** Runs 200 rows on a service where something goes wrong. */
async function runWith(faults: Faults): Promise<FinishedRun> {
  const { folder, session } = await openLocalRun({ faults });
  const id = await startTestRun(session, writeTexts(folder, 200));
  const { finished } = await driveRun(session, id, "follow");
  if (finished === undefined) throw new Error("the run has not ended");
  return finished;
}

const total = ({ summary }: FinishedRun): number =>
  Object.values(summary.outcomeCounts).reduce((sum, each) => sum + each, 0);

describe("a job that does not end well", () => {
  it.each([
    ["Failed", { failValidation: "Could not validate GetObject permissions to access Amazon S3 bucket" }, 0],
    ["Failed", { end: { status: "Failed", message: "Customer doesn't have permissions to invokeModel" } }, 0],
    ["Expired", { end: { status: "Expired" } }, 0],
    ["Stopped", { end: { status: "Stopped", doneRatio: 0.5 } }, 100],
    ["PartiallyCompleted", { end: { status: "PartiallyCompleted", doneRatio: 0.25 } }, 50],
  ] as const)(
    "as %s leaves a table of every row, says why, and keeps what was made",
    async (status, fault, answered) => {
      const finished = await runWith({ jobs: [{ fault }] });
      expect(finished.shards[0]?.attempt?.status).toBe(status);
      expect(total(finished)).toBe(200);
      expect(finished.summary.outcomeCounts).toMatchObject({ answered, missing: 200 - answered });
      const said = finished.summary.discrepancies.join("\n");
      expect(said).toContain(`ended ${status}`);
      if ("failValidation" in fault) expect(said).toContain("Could not validate GetObject permissions");
    },
  );

  it("as Completed with no answer at all is told from one with answers", async () => {
    const finished = await runWith({
      records: [{ fault: { errorCode: 400, errorMessage: "anthropic_version: Field required" } }],
    });
    expect(finished.shards[0]?.attempt?.status).toBe("Completed");
    expect(finished.summary.outcomeCounts).toMatchObject({ answered: 0, error: 200 });
    expect(finished.summary.causes[0]).toMatchObject({ outcome: "error", count: 200 });
    expect(finished.summary.causes[0]?.message).toContain("anthropic_version: Field required");
    expect(finished.summary.usage).toEqual({ inputTokens: 0, outputTokens: 0 });
  });
});

describe("rows without an answer", () => {
  it("are grouped by what their errors mean, not by their words, with a count, one example and the fix", async () => {
    const fault = (index: number) => ({
      fault: {
        errorCode: 400,
        errorMessage: `The content field in the Message object at messages.${index} is empty. Request abc${index}f.`,
      },
      times: 10,
    });
    const unknown = { fault: { errorCode: 400, errorMessage: "nobody has seen this" }, times: 5 };
    const throttled = { fault: "throttled" as const, times: 7 };
    const { summary, paths } = await runWith({ records: [fault(0), fault(3), fault(14), unknown, throttled] });
    expect(summary.causes.map(({ count, explanation }) => [count, explanation?.id])).toEqual([
      [30, "E55"],
      [7, "H08"],
      [5, undefined],
    ]);
    expect(summary.causes[0]?.message).toContain("is empty. Request abc");
    expect(summary.causes[0]?.explanation?.fix).toMatch(/empty cells/);
    const report = readFileSync(paths.report, "utf8");
    expect(report).toContain("usually an empty cell in the table");
    expect(report).toContain("nobody has seen this");
  });

  it("of a job that says Completed with none at all are said to be so", async () => {
    const { summary, paths } = await runWith({
      records: [{ fault: { errorCode: 400, errorMessage: "anthropic_version: Field required" } }],
    });
    expect(summary.jobEnds?.map(({ status, explanation }) => [status, explanation.id])).toEqual([
      ["Completed", "COMPLETED_EMPTY"],
    ]);
    expect(readFileSync(paths.report, "utf8")).toContain("none of its 200 records has an answer");
  });
});

describe("an output that is not as it should be", () => {
  it.each([
    ["lost", { missing: 1 }, /records have no line/],
    ["doubled", { answered: 200 }, /came more than once/],
    ["broken", { answered: 199 }, /lines? of its output (?:is|are) no JSON/],
  ] as const)("with a record %s loses no other, and says so", async (fault, counts, words) => {
    const finished = await runWith({ records: [{ fault, times: 1 }] });
    expect(total(finished)).toBe(200);
    expect(finished.summary.outcomeCounts).toMatchObject(counts);
    expect(finished.summary.discrepancies.join("\n")).toMatch(words);
  });

  it.each([
    [{ totalRecordCount: 250 }, /counts 250 records in all, 200 were sent/],
    [{ processedRecordCount: 190 }, /counts 190 processed records, its output has 200 lines/],
    [{ successRecordCount: 150 }, /counts 150 successes, its output has 200 lines with an answer/],
    ["missing", /its output has no manifest/],
    ["broken", /its output has no manifest that can be read/],
  ] as const)("with the manifest %j keeps every answer, and says what does not agree", async (manifest, words) => {
    const finished = await runWith({ jobs: [{ fault: { manifest } }] });
    expect(finished.summary.outcomeCounts.answered).toBe(200);
    expect(finished.summary.discrepancies.join("\n")).toMatch(words);
  });

  it.each([
    ["refused", "refused"],
    ["truncated", "truncated"],
  ] as const)("with records %s has them as outcomes", async (fault, outcome) => {
    const finished = await runWith({ records: [{ fault, times: 5 }] });
    expect(finished.summary.outcomeCounts).toMatchObject({ answered: 195, [outcome]: 5 });
  });
});

describe("a call that goes wrong", () => {
  it("as CreateModelInvocationJob whose answer is lost makes no second job", async () => {
    const finished = await runWith({
      calls: [{ operation: "CreateModelInvocationJob", fault: { kind: "lost-answer" }, times: 1 }],
    });
    expect(finished.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 200 } });
  });

  it.each(["PutObject", "GetObject", "ListModelInvocationJobs", "CreateModelInvocationJob"])(
    "as a few resets of %s is tried again",
    async (operation) => {
      const finished = await runWith({ calls: [{ operation, fault: { kind: "reset" }, times: 2 }] });
      expect(finished.summary.outcomeCounts.answered).toBe(200);
    },
  );

  it("as a refusal stops the run where it is, and the same run goes on when it is mended", async () => {
    const { folder, session } = await openLocalRun({
      faults: {
        calls: [
          {
            operation: "CreateModelInvocationJob",
            fault: {
              kind: "error",
              type: "AccessDeniedException",
              status: 403,
              // Not iam:PassRole: that is tried again while the role is new, and this role may be.
              message: "not authorized to perform: bedrock:CreateModelInvocationJob",
            },
            times: 1,
          },
        ],
      },
    });
    const id = await startTestRun(session, writeTexts(folder, 200));
    const error = await findFailure(() => driveRun(session, id, "follow"));
    expect(error.code).toBe("SERVICE_REFUSED");
    expect(error.message).toContain("bedrock:CreateModelInvocationJob");
    expect((await showRun(session, id)).shards[0]?.state).toBe("submitting");
    const { finished } = await driveRun(session, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 1, outcomeCounts: { answered: 200 } });
  });
});
