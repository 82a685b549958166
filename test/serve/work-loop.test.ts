import { expect, it, vi } from "vitest";
import { WorkLoop } from "../../src/serve/work-loop.ts";
import { makeFolder } from "../support/folder.ts";

/** A server's loop over one batch that never ends. @returns it, and the times of its looks in milliseconds */
function startLoop(longestWaitMs: number): { readonly loop: WorkLoop; readonly looks: number[] } {
  const looks: number[] = [];
  const began = Date.now();
  // Which batches there are is looked up once in each pass: an empty workspace is enough to see when.
  const context = {
    get workspace() {
      looks.push(Date.now() - began);
      return folder;
    },
  };
  const folder = makeFolder();
  const loop = new WorkLoop(context as never, longestWaitMs, () => undefined);
  loop.start();
  return { loop, looks };
}

it("looks soon after a change, and then more and more seldom, up to its bound", async () => {
  vi.useFakeTimers();
  try {
    const { loop, looks } = startLoop(20_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(looks.slice(0, 4)).toEqual([0, 200, 420, 662]);
    await vi.advanceTimersByTimeAsync(600_000);
    const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
    expect(gaps.at(-1)).toBe(20_000);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    const woken = Date.now();
    const before = looks.length;
    loop.wake();
    await vi.advanceTimersByTimeAsync(500);
    expect(looks.slice(before).map((at) => at - (looks[before] ?? 0))).toEqual([0, 200, 420]);
    expect(Date.now() - woken).toBe(500);
    const stopped = loop.stop();
    await vi.advanceTimersByTimeAsync(0);
    await stopped;
  } finally {
    vi.useRealTimers();
  }
});
