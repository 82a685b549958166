import { describe, expect, it } from "vitest";
import { waitForRole } from "../../src/setup/wait-for-role.ts";

/** IAM that knows the role from so many seconds on, and a clock that only sleeping moves. */
async function wait(knownAfterMs: number, isLocal = false): Promise<{ readonly waitedMs: number; asked: number }> {
  let nowMs = 0;
  let asked = 0;
  const session = {
    nowMs: () => nowMs,
    sleep: (ms: number) => Promise.resolve(void (nowMs += ms)),
    onStep: () => undefined,
  };
  const role = { arn: "", createdAtMs: 0, trustPolicy: "", tags: {} };
  const findRole = () => {
    asked += 1;
    return Promise.resolve(nowMs >= knownAfterMs ? role : undefined);
  };
  const identity = { accountId: "123456789012", arn: "", region: "us-east-1", isLocal };
  await waitForRole(session, identity, { findRole }, "arn:aws:iam::123456789012:role/service-role/Batch");
  return { waitedMs: nowMs, asked };
}

describe("waiting for a new role", () => {
  it("asks until IAM has answered twice, and gives the rest of AWS a while", async () => {
    expect(await wait(0)).toEqual({ waitedMs: 15_000, asked: 2 });
    expect(await wait(20_000)).toEqual({ waitedMs: 21_000, asked: 22 });
  });

  it("ends after a minute, for a run asks again by itself", async () => {
    expect((await wait(Infinity)).waitedMs).toBe(60_000);
  });

  it("takes no time on the local service", async () => {
    expect((await wait(0, true)).waitedMs).toBeLessThan(10);
  });
});
