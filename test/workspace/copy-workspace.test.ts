import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { copyWorkspace } from "../../src/workspace/copy-workspace.ts";
import { listRuns, showRun } from "../../src/workspace/show-run.ts";
import { findFailure } from "../support/failure.ts";
import { openLocalRun, sessionOn, startTestRun, writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

describe("a copy of a workspace", () => {
  it("on S3 and back on a disk has every run, and goes on with those that are under way", async () => {
    const place = await openLocalRun();
    const { session, folder, server } = place;
    const { run } = await runToEnd(session, {
      first: writeTexts(folder, 120),
      prompt: "Repeat: {{text}}",
      model: "claude-haiku-4.5",
    });
    const id = await startTestRun(session, writeTexts(join(folder, "more"), 150), { fullRefresh: true });
    await driveRun(session, id, "once");
    const shared = await sessionOn(server, folder, { shared: "team" });
    expect(await copyWorkspace(session.config, shared.config)).toMatchObject({ runCount: 2 });
    const back = await sessionOn(server, join(folder, "back"));
    expect(await copyWorkspace(shared.config, back.config)).toMatchObject({ runCount: 2 });
    expect((await showRun(back, run.id)).row.summary?.outcomeCounts.answered).toBe(120);
    const other = await sessionOn(server, folder, { shared: "team", machine: "second" });
    const { finished } = await driveRun(other, id, "follow");
    expect(finished?.summary.outcomeCounts.answered).toBe(150);
    // The job that the first workspace has made is the one that was collected.
    expect(finished?.shards.map(({ attempt }) => attempt?.jobArn)).toEqual(
      (await showRun(session, id)).shards.map(({ attempt }) => attempt?.jobArn),
    );
  });

  it("is refused into a workspace that has runs, and nothing is changed there", async () => {
    const { session, folder, server } = await openLocalRun();
    await startTestRun(session, writeTexts(folder, 120));
    const shared = await sessionOn(server, folder, { shared: "team" });
    await copyWorkspace(session.config, shared.config);
    const error = await findFailure(() => copyWorkspace(session.config, shared.config));
    expect([error.code, error.message]).toEqual(["WORKSPACE_IN_USE", expect.stringContaining("s3://test-bucket/team")]);
    expect(await listRuns(shared)).toHaveLength(1);
  });
});
