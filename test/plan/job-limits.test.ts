import { describe, expect, it } from "vitest";
import { defaultJobLimits } from "../../src/foundation/limits.ts";
import { findJobLimits } from "../../src/plan/job-limits.ts";

describe("the limits of jobs", () => {
  it("are the account's quotas of that model, whatever the spelling of their names", () => {
    const limits = findJobLimits(
      [
        { name: "Minimum number of records per batch inference job for Claude Sonnet 4.5.", value: 50 },
        { name: "Records per batch inference job for  Claude Sonnet 4.5", value: 200_000 },
        { name: "Batch inference input file size (in GB) for Claude Sonnet 4.5", value: 2 },
        { name: "Batch inference job size for Claude Sonnet 4.5 (in GB)", value: 9 },
        { name: "Records per batch inference job for Claude Sonnet 4", value: 1 },
      ],
      "Claude Sonnet 4.5",
    );
    expect(limits).toMatchObject({
      minRecordsPerJob: 50,
      maxRecordsPerJob: 200_000,
      maxFileSizeBytes: 2 * 1024 ** 3,
      maxJobSizeBytes: 9 * 1024 ** 3,
      maxJobsInFlight: defaultJobLimits.maxJobsInFlight,
      source: "quota of this account",
    });
  });

  it("are the documents' dated ones where the account has none for the model", () => {
    expect(findJobLimits([], "Claude Haiku 4.5")).toEqual(defaultJobLimits);
    expect(defaultJobLimits.source).toMatch(/\d{4}-\d\d-\d\d/);
  });
});
