import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeRunningClock } from "../../src/local/clock.ts";
import { startLocal } from "../../src/local/index.ts";

interface State {
  readonly clock: { readonly nowMs: number; readonly canSkip: boolean };
  readonly faults: object | null;
  readonly requests: readonly {
    readonly service: string;
    readonly method: string;
    readonly target: string;
    readonly status: number;
  }[];
}

async function open(): Promise<{
  ask: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; state: State & { message?: string } }>;
  s3: S3Client;
}> {
  const server = await startLocal({ speed: 1, seed: 1 });
  onTestFinished(() => server.close());
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = server.env;
  const s3 = new S3Client({
    endpoint: server.url,
    region: server.region,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });
  onTestFinished(() => s3.destroy());
  return {
    s3,
    ask: async (method, path, body) => {
      const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${server.url}/_halfprice/${path}`, init);
      return { status: response.status, state: (await response.json()) as State };
    },
  };
}

describe("what a person does with the local service", () => {
  it("looks at what was asked, the latest first, and not at its own looking", async () => {
    const { ask, s3 } = await open();
    await s3.send(new ListBucketsCommand({}));
    const { state } = await ask("GET", "state");
    await ask("GET", "state");
    expect(state.requests).toMatchObject([{ service: "s3", method: "GET", status: 200 }]);
    expect((await ask("GET", "state")).state.requests).toHaveLength(1);
  });

  it("switches faults on and off; a plan that cannot be used changes nothing", async () => {
    const { ask, s3 } = await open();
    const plan = {
      calls: [{ operation: "ListBuckets", fault: { kind: "error", status: 503, type: "SlowDown", message: "slow" } }],
    };
    expect((await ask("PUT", "faults", plan)).state.faults).toEqual(plan);
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow("slow");
    expect(await ask("PUT", "faults", { cals: [] })).toMatchObject({
      status: 400,
      state: { message: expect.stringContaining("cals") },
    });
    expect((await ask("GET", "state")).state.faults).toEqual(plan);
    expect((await ask("DELETE", "faults")).state.faults).toBeNull();
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  });

  it("moves the clock, and what falls due on the way happens", async () => {
    const { ask } = await open();
    const before = (await ask("GET", "state")).state.clock;
    const { state } = await ask("POST", "clock", { skipMs: 3_600_000 });
    expect(before.canSkip).toBe(true);
    expect(state.clock.nowMs - before.nowMs).toBeGreaterThanOrEqual(3_600_000);
    for (const skipMs of [-1, "an hour", 1e12]) expect((await ask("POST", "clock", { skipMs })).status).toBe(400);
    expect((await ask("GET", "nothing")).status).toBe(404);
    const clock = makeRunningClock(1);
    const called = new Promise<void>((resolve) => clock.after(24 * 3_600_000, resolve));
    let isCancelled = true;
    clock.after(3_600_000, () => (isCancelled = false))();
    clock.skip(24 * 3_600_000 - 1);
    clock.skip(1);
    await called;
    expect(isCancelled).toBe(true);
  });
});
