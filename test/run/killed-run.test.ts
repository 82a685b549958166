import { expect, it } from "vitest";
import { choosePoints, killEverywhere } from "../support/kill-bench.ts";

it("a run that is killed at any announced point ends, taken up again, in the same table, with no job twice and none orphaned", async () => {
  await killEverywhere({ rowCount: 30, jobCount: 2, maxAttempts: 1 }, (points) => {
    expect(points.length).toBeGreaterThan(60);
    return choosePoints(points);
  });
}, 600_000);
