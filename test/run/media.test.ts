import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openObjectStorage } from "../../src/aws/s3.ts";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { planRetry } from "../../src/run/retry/plan-retry.ts";
import { startRetry } from "../../src/run/retry/start-retry.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { tryRows } from "../../src/run/try/try-rows.ts";
import { writeFile } from "../support/folder.ts";
import { openLocalRun } from "../support/local-run.ts";
import { makePng } from "../support/pictures.ts";
import { readResults, runToEnd } from "../support/run-to-end.ts";

const count = 40;
const prompt = "What is on {{image:picture}}, the {{title}}?";
const bodyOf = (line: string) =>
  JSON.parse(line) as { recordId: string; modelInput: { max_tokens: number; messages: { content: object[] }[] } };

function writeTable(folder: string, pathOf = (index: number): string => `img/${index}.png`): string {
  for (let index = 0; index < count; index += 1) writeFile(folder, `img/${index}.png`, makePng(300, 200, index));
  const rows = Array.from({ length: count }, (_, index) => `${index},${pathOf(index)},picture ${index}\n`);
  return writeFile(folder, "t.csv", `id,picture,title\n${rows.join("")}`);
}

describe("a run over pictures", () => {
  it("sends them, retries with them, shows them, and is not sent again for the same pictures", async () => {
    const { folder, session } = await openLocalRun({
      quotas: ["min-records=10"],
      faults: {
        records: [
          { fault: "truncated", times: 3 },
          { fault: "throttled", times: 4 },
        ],
      },
    });
    const input = { first: writeTable(folder), prompt, model: "claude-haiku-4.5" };
    const first = await runToEnd(session, input, { maxTokens: 40, canary: { count: 5, seed: 1 } });
    const { directory } = first.paths;
    const sent = readFileSync(join(directory, "input/records.jsonl"), "utf8").trimEnd().split("\n").map(bodyOf);
    const asked = readFileSync(join(directory, "input/canary.jsonl"), "utf8").trimEnd().split("\n").map(bodyOf);
    expect([sent.length, asked.length]).toEqual([count - 5, 5]);
    const datas = [...sent, ...asked].map(
      ({ modelInput }) => JSON.stringify(modelInput).match(/"data":"([^"]+)"/)?.[1],
    );
    const pictures = Array.from({ length: count }, (_, index) => makePng(300, 200, index).toString("base64"));
    expect(new Set(datas)).toEqual(new Set(pictures));
    const failedCount = count - first.summary.outcomeCounts.answered;
    expect(failedCount).toBeGreaterThan(0);

    const plan = await planRetry(session, first.run.id, {});
    const again = readFileSync(join(directory, plan.files.lines), "utf8");
    expect(plan.recordCount).toBe(failedCount);
    expect(plan.shards.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(Buffer.byteLength(again));
    for (const { modelInput } of again.trimEnd().split("\n").map(bodyOf)) {
      const [before, image, after] = modelInput.messages[0]?.content ?? [];
      expect([before, after]).toMatchObject([
        { text: "What is on " },
        { text: expect.stringMatching(/^, the picture \d+\?$/) as string },
      ]);
      expect(pictures).toContain((image as { source: { data: string } }).source.data);
    }
    await startRetry(session, plan);
    const { finished } = await driveRun(session, first.run.id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(count);
    const [sum] = await readResults(first, "SELECT count(DISTINCT id) AS ids FROM results WHERE answer IS NOT NULL");
    expect(sum).toEqual({ ids: count });

    const report = readFileSync(first.paths.report, "utf8");
    expect(report).toContain("img-src data:");
    expect(report).toMatch(/<img src="data:image\/png;base64,[^"]+" alt="png, 300 by 200 pixels, \d KB"/);
    expect(report).toContain("What is on  [image] , the picture");

    const request = await readRequest(input, { ...parseRunOptions({}, "test"), maxTokens: 40 });
    const same = await planRun(session, request);
    expect(same.plan).toMatchObject({ recordCount: 0, earlier: { requestCount: count } });
    writeFile(folder, "img/7.png", makePng(300, 200, 99));
    const other = await planRun(session, request);
    expect(other.plan).toMatchObject({ recordCount: 1, earlier: { requestCount: count - 1 } });
  });

  it("takes pictures from S3, where the table may lie beside them", async () => {
    const { folder, session } = await openLocalRun({ quotas: ["min-records=10"] });
    const table = writeTable(folder);
    const storage = openObjectStorage(session.connection);
    const upload = (path: string, key: string): Promise<void> =>
      storage.upload(path, "test-bucket", key, {
        ...{ fromByte: 0, sizeBytes: statSync(path).size, accountId: "123456789012" },
        ...{ kmsKey: undefined, onProgress: () => undefined },
      });
    for (let index = 0; index < count; index += 1)
      await upload(join(folder, `img/${index}.png`), `shop/img/${index}.png`);
    await upload(table, "shop/t.csv");
    storage.close();
    const request = { prompt, model: "nova-lite" };
    const beside = await runToEnd(session, { ...request, first: "s3://test-bucket/shop/t.csv" });
    expect(beside.summary.outcomeCounts.answered).toBe(count);
    const named = writeTable(folder, (index) => `s3://test-bucket/shop/img/${index}.png`);
    const planned = await planRun(
      session,
      await readRequest({ ...request, first: named }, parseRunOptions({}, "test")),
    );
    // The same pictures under the same prompts: nothing is sent again.
    expect(planned.plan).toMatchObject({ recordCount: 0, earlier: { requestCount: count } });
  });

  it("is tried on demand with its pictures", async () => {
    const { folder, session } = await openLocalRun();
    const request = await readRequest(
      { first: writeTable(folder), prompt, model: "claude-haiku-4.5" },
      parseRunOptions({}, "test"),
    );
    const { rows, inputTokens = 0 } = await tryRows(session, request, 2);
    expect(rows.map((row) => row["_halfprice_outcome"])).toEqual(["answered", "answered"]);
    // 80 tokens a picture of 300 by 200, by Claude's rule.
    expect(inputTokens).toBeGreaterThan(160);
  });
});
