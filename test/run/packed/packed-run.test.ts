import { describe, expect, it } from "vitest";
import { makeFolder } from "../../support/folder.ts";
import { writeGold } from "../../support/gold.ts";
import { openLocalRun } from "../../support/local-run.ts";
import { readResults, runToEnd } from "../../support/run-to-end.ts";

const faults = { drop: 0.02, double: 0.02, reorder: 0.02, merge: 0.02 };
const prompt = "Which topic has this message?\n\nMessage: {{text}}\nNumber {{id}}";

describe("a packed run", () => {
  it("gives every row its own answer, whatever of the packs is lost", async () => {
    const files = writeGold(makeFolder(), 3000, { packed: faults, seed: 3 });
    const { session } = await openLocalRun({ modelBehaviour: files.behaviour });
    const input = { first: files.table, prompt, model: "nova-micro", output: files.schema };
    const finished = await runToEnd(session, input, { pack: 25, answerPrefix: "a_" });
    const { summary, plan } = finished;
    expect(plan.pack).toMatchObject({ rowsPerRequest: 25, asked: 25, requestCount: 120 });
    expect(plan.recordCount).toBe(3000);
    expect(summary.outcomeCounts.answered).toBe(3000);
    const [row] = await readResults(finished, "SELECT count(*) FILTER (label = a_label) AS own, sum(a_halfprice_cost_usd) AS usd, sum(a_halfprice_input_tokens) AS i FROM results");
    expect(row?.["own"]).toBe(3000);
    expect(Number(row?.["usd"])).toBeCloseTo(summary.paidUsd ?? 0, 9);
    expect(Number(row?.["i"])).toBe(summary.usage.inputTokens);
    expect(summary.discrepancies).toEqual([]);
    console.log(JSON.stringify(summary, null, 1));
  });
});
