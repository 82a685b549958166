import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localArgs, openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";
import { serve } from "../support/serve.ts";

const quotas = ["min-records=1"];

/** The command in a text that goes on with a run, as its words. */
const commandIn = (text: string, name: string): string[] =>
  (new RegExp(`halfprice (${name} [^\\n;()]*)`).exec(text)?.[1] ?? "").trim().split(/\s+/);

describe("advice leads to the service and the workspace that the run is at", () => {
  it("where the endpoint was named: the hinted retry is word for word one that works", async () => {
    const folder = openCase("retry-hint-elsewhere");
    const { server, place } = await serve({ quotas, faults: join(folder, "faults.json") });
    const { AWS_ENDPOINT_URL: url, ...env } = server.env;
    const where = ["--endpoint-url", url, "--workspace", "w"];
    const asked = ["--prompt", "S {{text}}", "--model", "claude-haiku-4.5", "--yes", "-o", "out.csv"];
    const ran = await runCli(["run", "t.csv", ...asked, ...place, ...where], folder, env);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(new RegExp(`fix .*halfprice \\w+ .*--workspace w --endpoint-url ${url}`));
    expect(ran.stdout + ran.stderr).not.toContain("--local");
    const id = JSON.parse((await runCli(["runs", "--json", "--workspace", "w"], folder)).stdout).runs[0].id as string;
    const shown = await runCli(["show", id, ...where], folder, env);
    expect(shown.stdout).not.toContain("--local");
    const hint = commandIn(/^Retry .*/m.exec(ran.stdout)?.[0] ?? "", "retry");
    expect(hint).toEqual(["retry", id, "--workspace", "w", "--endpoint-url", url]);
    // Every command that is named leads there, not this one alone.
    for (const [command] of `${ran.stdout}${ran.stderr}`.matchAll(/halfprice (?:retry|show) .*/g))
      expect(command).toContain(`--workspace w --endpoint-url ${url}`);
    const retried = await runCli([...hint, "--yes"], folder, env);
    // Some fail again; what counts is that the second job was made where the first was.
    expect([retried.stderr, retried.stdout]).toEqual([
      expect.not.stringMatching(/BUG|UNKNOWN_RUN|WRONG_ORIGIN/),
      expect.stringMatching(/20 rows · \d+ answered · 2 jobs/),
    ]);
    expect(existsSync(join(folder, "w", "local"))).toBe(false);
  });

  it("where it was --local, in errors of every command", async () => {
    const folder = makeFolder();
    writeTexts(folder, 120);
    const run = [
      "run",
      "texts.csv",
      "--prompt",
      "S {{text}}",
      "--model",
      "claude-haiku-4.5",
      "--local",
      "--detach",
      "--json",
    ];
    const detached = await runCli(run, folder);
    expect(detached.code).toBe(5);
    const { fix } = (JSON.parse(detached.stdout) as { error: { fix: string } }).error;
    const words = commandIn(fix, "resume");
    expect(words).toContain("--local");
    const resumed = await runCli(words.slice(0, words.indexOf("--local") + 1), folder);
    expect([resumed.code, resumed.stdout]).toEqual([0, expect.stringMatching(/120 answered/)]);
  });

  it("and says nothing more where nothing was named", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", "id,text\n1,a\n");
    await runCli(["run", "t.csv", "--prompt", "{{text}}", ...localArgs, "--name", "r"], folder);
    const { stderr } = await runCli(["show", "rr"], folder);
    expect(stderr).not.toMatch(/--local|--endpoint-url/);
  });
});

describe("retry --max-tokens", () => {
  it("sends what was cut off with that limit, and refuses one that cannot help", async () => {
    const folder = makeFolder();
    writeTexts(folder, 110);
    const { server, place } = await serve({ quotas, faults: { records: [{ fault: "truncated", times: 5 }] } });
    const call = (...args: string[]): ReturnType<typeof runCli> => runCli(args, folder, { ...server.env });
    const asked = [
      "--prompt",
      "Repeat: {{text}}",
      "--model",
      "claude-haiku-4.5",
      "--max-tokens",
      "50",
      "--name",
      "r",
      "--yes",
    ];
    expect((await call("run", "texts.csv", ...asked, ...place)).code).toBe(4);
    const low = await call("retry", "r", "--max-tokens", "40", "--plan");
    expect([low.code, low.stderr]).toEqual([2, expect.stringMatching(/--max-tokens is 40; the run had 50/)]);
    const high = await call("retry", "r", "--max-tokens", "900000", "--plan");
    expect([high.code, high.stderr]).toEqual([2, expect.stringMatching(/gives at most 64,000/)]);
    const planned = JSON.parse((await call("retry", "r", "--max-tokens", "700", "--plan", "--json")).stdout);
    expect(planned).toMatchObject({ origin: { kind: "local" }, paidUsd: 0, sent: [{ way: "longer", recordCount: 5 }] });
    const done = await call("retry", "r", "--max-tokens", "700", "--below-minimum", "on-demand", "--yes");
    expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/110 answered/)]);
    const chain = await call(
      "show",
      "r",
      "--query",
      "SELECT count(*) AS n FROM results WHERE _halfprice_outcome = 'answered'",
      "--json",
    );
    expect(JSON.parse(chain.stdout)).toEqual([{ n: 110 }]);
  });
});
