import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeSteppedClock } from "../../../src/local/clock.ts";
import { makeFaults } from "../../../src/local/faults/faults.ts";
import { FaultPlanError, parseFaultPlan } from "../../../src/local/faults/parse-fault-plan.ts";
import { readFaultPlan } from "../../../src/local/faults/read-fault-plan.ts";
import { type Bench, makeBench, removeBench } from "../bench.ts";

const problems = (plan: unknown): readonly string[] => {
  try {
    parseFaultPlan(plan);
    return [];
  } catch (error) {
    if (error instanceof FaultPlanError) return error.problems;
    throw error;
  }
};

describe("a fault plan", () => {
  it("is refused with everything that is wrong with it, each with its place", () => {
    expect(
      problems({
        sed: 1,
        calls: [
          { operation: "Get*", probability: 2, fault: "thorttling" },
          { fault: { kind: "cut" } },
          { fault: { kind: "melt" } },
          { fault: { kind: "error", type: "X", status: 42, message: "m" } },
          { operation: "Get*" },
        ],
        jobs: [
          {
            job: "",
            fault: {
              stick: { in: "Completed" },
              end: { status: "Melted", doneRatio: 1.5 },
              manifest: "gone",
              output: { files: 0 },
            },
          },
          7,
        ],
        records: { fault: "lost" },
      }),
    ).toEqual([
      "sed is not known; known are seed, calls, jobs, records",
      "calls[0].probability must be a number from 0 to 1, not 2",
      expect.stringMatching(/^calls\[0\]\.fault must be one of throttling, .*, not "thorttling"$/),
      "calls[1].fault.afterBytes is missing",
      expect.stringMatching(/^calls\[2\]\.fault\.kind must be one of error, reset, lost-answer, .*, not "melt"$/),
      "calls[3].fault.status must be a number from 300 to 599, not 42",
      "calls[4].fault is missing",
      'jobs[0].job must be a text, not ""',
      'jobs[0].fault.stick.in must be one of Submitted, Validating, Scheduled, InProgress, not "Completed"',
      expect.stringMatching(/^jobs\[0\]\.fault\.end\.status must be one of Failed, .*, not "Melted"$/),
      "jobs[0].fault.end.doneRatio must be a number from 0 to 1, not 1.5",
      'jobs[0].fault.manifest must be one of missing, broken, not "gone"',
      "jobs[0].fault.output.files must be a number from 1 to 1000, not 0",
      "jobs[1] must be an object, not 7",
      'records must be a list, not {"fault":"lost"}',
    ]);
    expect(problems([])).toEqual(["faults must be an object, not []"]);
    expect(problems({})).toEqual([]);
  });
});

describe("a fault plan's file", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => removeBench(bench));

  it("is read, and named when it is missing, no JSON, or no plan", async () => {
    const path = join(bench.world.dataDir, "faults.json");
    await expect(readFaultPlan(path)).rejects.toThrow(`${path} cannot be read (ENOENT)`);
    await writeFile(path, "{");
    await expect(readFaultPlan(path)).rejects.toThrow(`${path} is no JSON`);
    await writeFile(path, '{"calls":[{"fault":"reset"}]}');
    await expect(readFaultPlan(path)).rejects.toThrow(/calls\[0\]\.fault must be one of/);
    await writeFile(path, '{"calls":[{"fault":{"kind":"reset"}}]}');
    await expect(readFaultPlan(path)).resolves.toEqual({ calls: [{ fault: { kind: "reset" } }] });
  });
});

describe("a rule", () => {
  const clock = makeSteppedClock(0);

  it("holds for names that match, as often as it says, after as many as it spares", () => {
    const faults = makeFaults(
      { calls: [{ operation: "Get*Job", path: "abc", after: 1, times: 2, fault: "throttling" }] },
      clock,
    );
    expect(faults.forCall("GetObject", "/abc")).toBeUndefined();
    expect(faults.forCall("GetModelInvocationJob", "/xyz")).toBeUndefined();
    expect([1, 2, 3, 4].map(() => faults.forCall("GetModelInvocationJob", "/x/abc"))).toEqual([
      undefined,
      "throttling",
      "throttling",
      undefined,
    ]);
  });

  it("holds within its time", () => {
    const stepped = makeSteppedClock(0);
    const faults = makeFaults({ calls: [{ fromSeconds: 60, untilSeconds: 120, fault: "expired-token" }] }, stepped);
    const seen = [0, 59_000, 60_000, 119_999, 120_000].map((atMs) => {
      stepped.advance(atMs - stepped.nowMs());
      return faults.forCall("Any", "/");
    });
    expect(seen).toEqual([undefined, undefined, "expired-token", "expired-token", undefined]);
  });

  it("holds for a share of records, the same ones for the same seed", () => {
    const hit = (seed: number): string[] => {
      const faults = makeFaults({ seed, records: [{ job: "night*", probability: 0.2, fault: "lost" }] }, clock);
      return Array.from({ length: 1000 }, (_, index) => `rec_${index}`).filter(
        (id) => faults.forRecord("nightly", id) !== undefined,
      );
    };
    expect(hit(1)).toEqual(hit(1));
    expect(hit(1)).not.toEqual(hit(2));
    expect(hit(1).length).toBeGreaterThan(140);
    expect(hit(1).length).toBeLessThan(260);
    expect(
      makeFaults({ records: [{ job: "night*", fault: "lost" }] }, clock).forRecord("daily", "rec_1"),
    ).toBeUndefined();
  });

  it("holds for a job once and for all", () => {
    const faults = makeFaults(
      { jobs: [{ model: "us.anthropic.*", times: 1, fault: { failValidation: "not-jsonl" } }] },
      clock,
    );
    const job = { id: "a", name: "x", modelId: "us.anthropic.claude-opus-5" };
    expect(faults.forJob(job)).toBeDefined();
    expect(faults.forJob(job)).toBeDefined();
    expect(faults.forJob({ ...job, id: "b" })).toBeUndefined();
  });
});
