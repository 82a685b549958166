import { expect, it } from "vitest";
import { choosePoints, killEverywhere } from "../support/kill-bench.ts";

it("a run that sends again by itself does the same when it is killed from one round to the next", async () => {
  await killEverywhere({ rowCount: 30, jobCount: 3, maxAttempts: 2 }, (points) => {
    const ended = points.indexOf("ledger: run collected written");
    const sent = points.indexOf("ledger: shard submitted written", ended);
    expect([ended > 0, sent > ended]).toEqual([true, true]);
    return choosePoints(points.slice(ended, sent + 1)).map((at) => ended + at);
  });
}, 300_000);

it("a run that is answered on demand does the same, and has no jobs", async () => {
  await killEverywhere({ rowCount: 4, jobCount: 0, maxAttempts: 1 }, (points) => {
    const [asking, done] = ["ledger: shard asking not written", "ledger: run collected written"].map((point) =>
      points.indexOf(point),
    );
    expect(points.filter((point) => point === "Bedrock InvokeModel made")).toHaveLength(4);
    return choosePoints(points.slice(asking, done)).map((at) => (asking ?? 0) + at);
  });
}, 300_000);
