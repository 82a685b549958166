import { expect, it } from "vitest";
import { type JobLoad } from "../../../src/jobs/job-run.ts";
import { readRunLoad } from "../../../src/run/clients/read-load.ts";
import { driveRun } from "../../../src/run/start-and-resume/drive-run.ts";
import { showRun } from "../../../src/workspace/show-run.ts";
import { openLocalRun, startTestRun, writeTexts } from "../../support/local-run.ts";

it("reads the model's pending records and tokens a minute while its jobs run, and says where a metric is absent", async () => {
  const loads: JobLoad[] = [];
  const { folder, session } = await openLocalRun(
    { speed: 3000 },
    { onProgress: ({ load }) => void (load === undefined ? 0 : loads.push(load)) },
  );
  const id = await startTestRun(session, writeTexts(folder, 300));
  const { run } = await showRun(session, id);
  expect((await readRunLoad(session, run)).load).toMatchObject({
    pendingRecords: undefined,
    inputTokensPerMinute: undefined,
  });
  await driveRun(session, id, "follow");
  const { load } = await readRunLoad(session, run);
  expect(load?.modelId).toMatch(/anthropic\.claude-haiku-4-5/);
  expect(load?.inputTokensPerMinute?.value).toBeGreaterThanOrEqual(0);
  expect(load?.pendingRecords?.value).toBe(0);
  expect(load?.pendingTokens).toBeUndefined();
  expect(loads.length).toBeGreaterThan(0);
});

it("does not fail a run where CloudWatch refuses, and says what it said", async () => {
  const { folder, session } = await openLocalRun({
    faults: {
      calls: [
        {
          operation: "GetMetricData",
          fault: {
            kind: "error",
            type: "AccessDenied",
            status: 403,
            message: "not authorized to perform: cloudwatch:GetMetricData",
          },
        },
      ],
    },
  });
  const id = await startTestRun(session, writeTexts(folder, 120));
  const { run } = await showRun(session, id);
  expect((await readRunLoad(session, run)).problem).toContain("cloudwatch:GetMetricData");
  const { finished } = await driveRun(session, id, "follow");
  expect(finished?.summary.outcomeCounts.answered).toBe(120);
});

it("is not asked for with the credentials of another account", async () => {
  const { folder, session } = await openLocalRun();
  const id = await startTestRun(session, writeTexts(folder, 120));
  const { run } = await showRun(session, id);
  const other = { ...run, origin: { ...run.origin, accountId: "999999999999" } };
  expect((await readRunLoad(session, other)).problem).toContain("999999999999");
});
