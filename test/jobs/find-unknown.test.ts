import { describe, expect, it } from "vitest";
import type { ListedJob } from "../../src/aws/bedrock.ts";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";
import { findUnknown } from "../../src/jobs/find-unknown.ts";
import type { ShardRow } from "../../src/ledger/shards.ts";

const job = { jobArn: "arn:1", jobName: "job-1", status: "Submitted" } as ListedJob;
const shard = {
  index: 0,
  state: "submitted",
  closed: undefined,
  attempt: { jobName: "job-1", jobArn: "arn:1", submittedAt: 0, announcedAt: 0 },
} as ShardRow;

const refuse = (type: string) =>
  new HalfpriceError("SERVICE_REFUSED", {
    ...{ service: "Bedrock", operation: "GetModelInvocationJob", type, status: 404, message: "no" },
    explanation: undefined,
  });

/** A service in which the job comes up at a look, in the list or in Get. */
async function look({ listedAt = Infinity, gotAt = Infinity, type = "ResourceNotFoundException", nowMs = 100_000 }) {
  let looks = 0;
  let pauses = 0;
  const jobs = {
    list: () => {
      looks += 1;
      return Promise.resolve(looks >= listedAt ? [job] : []);
    },
    get: () => (looks >= gotAt ? Promise.resolve(job) : Promise.reject(refuse(type))),
  } as never;
  const pause = (): Promise<void> => {
    pauses += 1;
    return Promise.resolve();
  };
  const found = await findUnknown(
    { runId: "r" },
    { jobs, nowMs: () => nowMs, unknownLooks: { count: 3, youngMs: 60_000, pause } },
    [shard],
  );
  return { looks, pauses, found: [...found.found.keys()], unknown: found.unknown.map(({ index }) => index) };
}

describe("a job that no list has", () => {
  it.each(["ResourceNotFoundException", "ValidationException"])(
    "is unknown after three looks that end in %s",
    async (type) => {
      expect(await look({ type })).toEqual({ looks: 3, pauses: 2, found: [], unknown: [0] });
    },
  );

  it("is not unknown where a later look lists it, or Get has it", async () => {
    expect(await look({ listedAt: 3 })).toMatchObject({ found: [0], unknown: [] });
    expect(await look({ gotAt: 2 })).toMatchObject({ found: [0], unknown: [] });
  });

  it("is not judged where it was made a moment ago, or the caller may not ask for it", async () => {
    expect(await look({ nowMs: 59_000 })).toMatchObject({ looks: 0, unknown: [] });
    expect(await look({ type: "AccessDeniedException" })).toMatchObject({ found: [], unknown: [] });
  });

  it("is trouble of the moment where the service has trouble", async () => {
    await expect(look({ type: "InternalServerException" })).rejects.toMatchObject({ code: "SERVICE_REFUSED" });
  });
});
