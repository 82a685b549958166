import { expect, it } from "vitest";
import { choosePoints, killEverywhere } from "../support/kill-bench.ts";

it("a run whose workspace is on S3 comes to the same when its machine is killed at any announced point and another takes it up", async () => {
  await killEverywhere({ rowCount: 30, jobCount: 2, maxAttempts: 1, workspace: "s3" }, (points) => {
    expect(points.some((point) => point.endsWith(" put"))).toBe(true);
    return choosePoints(points);
  });
}, 600_000);
