import { describe, expect, it } from "vitest";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import type { Plan } from "../../src/foundation/types/index.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { type Session } from "../../src/workspace/session.ts";
import { openLocalRun, startTestRun, writeTexts } from "../support/local-run.ts";

async function plan(session: Session, table: string, model: string): Promise<Plan> {
  const request = await readRequest({ first: table, prompt: "{{text}}", model }, parseRunOptions({}, "test"));
  return (await planRun(session, request)).plan;
}

describe("the plan", () => {
  it("counts the account's jobs of the same base model that are under way, and no others", async () => {
    const { session, folder } = await openLocalRun({ speed: 1 });
    const table = writeTexts(folder, 120);
    expect((await plan(session, table, "claude-haiku-4.5")).slots).toEqual({ inFlight: 0, limit: 100 });
    await driveRun(session, await startTestRun(session, table), "once");
    expect((await plan(session, table, "global.anthropic.claude-haiku-4-5-20251001-v1:0")).slots?.inFlight).toBe(1);
    expect((await plan(session, table, "nova-micro")).slots?.inFlight).toBe(0);
  });

  it("goes on without that count where the jobs may not be listed", async () => {
    const { session, folder } = await openLocalRun({
      faults: { calls: [{ operation: "ListModelInvocationJobs", fault: "access-denied" }] },
    });
    const { slots, lanes } = await plan(session, writeTexts(folder, 120), "claude-haiku-4.5");
    expect([slots, lanes.length]).toEqual([undefined, 1]);
  });
});
