import { expect, it, vi } from "vitest";
import { LateWork } from "../../src/client-batches/late-work.ts";

it("is done after its time, one piece after the other, or at once where nobody waits any longer", async () => {
  vi.useFakeTimers();
  try {
    const done: string[] = [];
    const late = new LateWork<string>(async (item) => {
      done.push(`${item} begins`);
      await Promise.resolve();
      done.push(`${item} ends`);
    });
    late.add("one", 1_000);
    late.add("two", 1_000);
    late.add("three", 60_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(["one begins", "one ends", "two begins", "two ends"]);
    await late.finish();
    expect(done.slice(4)).toEqual(["three begins", "three ends"]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(done).toHaveLength(6);
  } finally {
    vi.useRealTimers();
  }
});
