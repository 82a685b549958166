import { afterEach, describe, expect, it, vi } from "vitest";
import { parseDeadline } from "../../src/foundation/options/parse-deadline.ts";

afterEach(() => void vi.unstubAllEnvs());

const read = (text: string, now: string): string | undefined => {
  const problems: string[] = [];
  const at = parseDeadline(text, Date.parse(now), problems);
  return at === undefined ? problems.join() : new Date(at).toISOString();
};

describe("a deadline", () => {
  it("as a time of day is the next such time in this machine's zone, over a change of its clocks too", () => {
    vi.stubEnv("TZ", "Europe/Berlin");
    expect(read("07:00", "2026-11-30T05:30:00Z")).toBe("2026-11-30T06:00:00.000Z");
    expect(read("07:00", "2026-11-30T06:00:00Z")).toBe("2026-12-01T06:00:00.000Z");
    expect(read("7:00", "2026-10-24T20:00:00Z")).toBe("2026-10-25T06:00:00.000Z");
  });

  it("as a date is of this machine's zone, where it names none", () => {
    vi.stubEnv("TZ", "Asia/Tokyo");
    expect(read("2026-12-01T07:00", "2026-11-30T05:30:00Z")).toBe("2026-11-30T22:00:00.000Z");
    expect(read("2026-12-01 07:00+01:00", "2026-11-30T05:30:00Z")).toBe("2026-12-01T06:00:00.000Z");
  });

  it.each([
    ["24:00", /has to be a time of day/],
    ["2026-12-01", /has to be a time of day/],
    ["2026-13-01T07:00", /has to be a time of day/],
    ["2026-11-30T05:00Z", /which is past: it is 2026-11-30T05:30:00.000Z/],
  ])("is not %s", (text, words) => {
    expect(read(text, "2026-11-30T05:30:00Z")).toMatch(words);
  });
});
