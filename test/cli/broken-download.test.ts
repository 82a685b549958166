import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRace } from "../support/racing.ts";

/** The service's own list of what it was asked. */
const countGets = (lines: readonly string[]): number =>
  lines.filter((line) => /GET \/my-bucket\/\S+\.jsonl\.out\b/.test(line)).length;

describe("a download that never arrives whole", () => {
  it.each([
    ["of a wrong checksum", { kind: "wrong-checksum" }, /checksum/i],
    ["that is cut", { kind: "cut", afterBytes: 100 }, /aborted|bytes|closed|reset/i],
  ] as const)(
    "%s is fetched four times, then BROKEN_DOWNLOAD; nothing is lost, and collect works later",
    async (_name, fault, words) => {
      const lines: string[] = [];
      // The answers' file alone, four times: the fifth fetch is that of a later command.
      const calls = [{ operation: "GetObject", path: ".jsonl.out", fault, times: 4 }];
      const race = await openRace({ faults: { calls } as never, log: (line) => lines.push(line) });
      const broken = await race.run(...race.runArgs("t", 0, 20));
      expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining("error BROKEN_DOWNLOAD")]);
      expect(broken.stderr).toContain("did not arrive whole, 4 times");
      expect(broken.stderr).toMatch(words);
      expect(countGets(lines)).toBe(4);
      const { stdout } = await race.run("runs", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ runs: [{ name: "t-repeat", state: "running" }] });
      const later = await race.run("collect", "t");
      expect([later.code, later.stderr]).toEqual([0, expect.not.stringContaining("error")]);
      expect([race.countAnswered("t"), await race.countBatch(), countGets(lines)]).toEqual([20, 20, 5]);
      expect(readFileSync(join(race.folder, "t-out.jsonl"), "utf8").trim().split("\n")).toHaveLength(20);
    },
    60_000,
  );
});
