import { readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { driveRun } from "../../src/run/start-and-resume/drive-run.ts";
import { bundlePath, callBundle } from "../support/call-function.ts";
import { openLocalRun, sessionOn, startTestRun, writeTexts } from "../support/local-run.ts";

describe("the function's bundle", () => {
  it("is one small file that needs nothing but Node: no engine, no native module", () => {
    expect(readdirSync(dirname(bundlePath))).toEqual(["index.cjs"]);
    const text = readFileSync(bundlePath, "utf8");
    expect(statSync(bundlePath).size).toBeLessThan(3_000_000);
    const needed = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name));
    const known = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]).concat("node:sqlite"));
    // The SDK's advice to load what signs for several regions at once, which nothing here does.
    expect([...needed].filter((name) => !known.has(name))).toEqual(["@aws-sdk/signature-v4-crt"]);
    expect(needed).toContain("node:sqlite");
    expect(text).not.toMatch(/@duckdb\/node-bindings|\.node"|createRequire\(/);
  });

  it("makes a pass over a workspace on S3, and its error is the process's", async () => {
    const { server, folder: own } = await openLocalRun({
      speed: 60_000,
      quotas: ["min-records=4", "records-per-job=4"],
    });
    const person = await sessionOn(server, own, { shared: "team", machine: "person" });
    const id = await startTestRun(person, writeTexts(own, 12));
    const env = {
      ...server.env,
      HALFPRICE_WORKSPACE: "s3://test-bucket/team",
      HALFPRICE_COPIES: join(own, "function"),
    };
    const called = await callBundle(env);
    expect(called).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Error") });
    expect(called.entries).toMatchObject([
      { kind: "run", runId: id, state: "working", shards: { submitted: 3 } },
      { kind: "summary", cause: { kind: "Scheduled Event" }, runCount: 1, problemCount: 0 },
      { kind: "returned" },
    ]);
    const { finished } = await driveRun(person, id, "follow");
    expect(finished?.summary).toMatchObject({ jobCount: 3, outcomeCounts: { answered: 12 } });

    const failed = await callBundle({ ...env, HALFPRICE_WORKSPACE: "s3://nobodys-bucket/team" });
    expect(failed.code).toBe(1);
    expect(failed.entries).toMatchObject([{ kind: "failed" }]);
    expect(failed.stderr).toContain("PassProblem");
  });
});
