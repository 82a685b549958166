import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readPatiently } from "../../../src/local/s3/stall.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a body that stops coming", () => {
  it("is waited for twenty seconds, and no longer", async () => {
    const body = new PassThrough();
    body.write("first");
    const chunks = readPatiently(body);
    expect((await chunks.next()).value?.toString()).toBe("first");
    const next = chunks.next().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(19_999);
    body.write("second");
    expect(await next).toMatchObject({ value: Buffer.from("second") });
    const last = chunks.next().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await last).toMatchObject({ code: "RequestTimeout", status: 400, headers: { connection: "close" } });
    // Its connection must stay, for the answer.
    expect(body.destroyed).toBe(false);
  });

  it("is not taken for one while its reader is busy", async () => {
    const body = new PassThrough();
    body.write("first");
    const chunks = readPatiently(body);
    await chunks.next();
    await vi.advanceTimersByTimeAsync(120_000);
    body.end("second");
    expect((await chunks.next()).value?.toString()).toBe("second");
    expect((await chunks.next()).done).toBe(true);
  });
});
