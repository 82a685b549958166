import { expect, it } from "vitest";
import { choosePoints, killEverywhere } from "../../support/kill-bench.ts";

// Every record of the first job fails: its rows are asked again, alone.
it("a run whose rows share requests comes to the same when it is killed, and makes no job twice", async () => {
  await killEverywhere({ rowCount: 60, jobCount: 4, maxAttempts: 1, pack: 3 }, (points) => {
    // What other runs come by as well is killed elsewhere.
    const chosen = choosePoints(points).filter((at) => /pack|round|collected/.test(points[at] ?? ""));
    expect(chosen.length).toBeGreaterThan(7);
    return chosen;
  });
}, 300_000);
