import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchStall } from "../../../src/local/s3/stall.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a body that stops coming", () => {
  it("is ended after twenty seconds, so that its reader can say so", () => {
    const body = new PassThrough();
    body.resume();
    const watch = watchStall(body);
    vi.advanceTimersByTime(19_999);
    expect([watch.isStalled, body.writableEnded]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect(watch.isStalled).toBe(true);
  });

  it("is waited for as long as something comes", () => {
    const watch = watchStall(new PassThrough());
    for (let second = 0; second < 120; second += 10) {
      vi.advanceTimersByTime(10_000);
      watch.refresh();
    }
    expect(watch.isStalled).toBe(false);
  });

  it("is not taken for one where bytes wait to be read, nor when it has ended", () => {
    const slowlyRead = new PassThrough();
    slowlyRead.write("waiting");
    const watch = watchStall(slowlyRead);
    vi.advanceTimersByTime(120_000);
    expect(watch.isStalled).toBe(false);
    const done = watchStall(new PassThrough());
    done.end();
    vi.advanceTimersByTime(120_000);
    expect(done.isStalled).toBe(false);
  });
});
