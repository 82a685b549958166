import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeJobNames } from "../../src/jobs/job-names.ts";
import { makeRunId } from "../../src/workspace/run-folder.ts";

// CreateModelInvocationJob, API reference, read 2026-11-21.
const jobName = /^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$/;
const token = /^[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}$/;
const s3Uri = /^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:\/[-!_*'().a-z0-9A-Z]+(?:\/[-!_*'().a-z0-9A-Z]+)*)?\/?$/;

describe("the names of a job", () => {
  it("fit the service's patterns and keep their unique part, whatever the run is called", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.nat(20_000),
        fc.integer({ min: 1, max: 99 }),
        (name, shard, attempt) => {
          const runId = makeRunId(Date.UTC(2026, 10, 21), () => 0.5);
          const names = makeJobNames({ runId, name, bucket: "my-bucket", prefix: "halfprice/" }, shard, attempt);
          expect(names.jobName).toMatch(jobName);
          expect(names.jobName.length).toBeLessThanOrEqual(63);
          expect(names.jobName.endsWith(`${runId}-${shard + 1}-${attempt}`)).toBe(true);
          expect(names.clientToken).toMatch(token);
          expect(names.inputUri).toMatch(s3Uri);
          expect(names.outputUri).toMatch(s3Uri);
        },
      ),
    );
  });

  it("differ by run, shard and attempt, and by nothing else", () => {
    const place = { runId: "20261121-120000-aaaaa", name: "a", bucket: "b-b", prefix: "" };
    const names = (shard: number, attempt: number, more = {}) =>
      makeJobNames({ ...place, ...more }, shard, attempt).clientToken;
    expect(names(0, 1)).toBe(names(0, 1, { name: "other" }));
    expect(
      new Set([names(0, 1), names(1, 1), names(0, 2), names(0, 1, { runId: "x" }), names(10, 1), names(1, 11)]).size,
    ).toBe(6);
  });
});
