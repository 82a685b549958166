import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { makeFolder } from "../support/folder.ts";
import { writeTexts } from "../support/local-run.ts";
import { runCli } from "../support/run-cli.ts";

interface RetryJson {
  readonly runId: string;
  readonly recordCount: number;
  readonly sent: readonly { readonly way: string; readonly recordCount: number }[];
  readonly left: readonly { readonly way: string; readonly recordCount: number }[];
}

it("a run with records that failed offers a retry, shows it, does it, and is cleaned", async () => {
  const folder = makeFolder();
  writeTexts(folder, 150);
  // The workspace's own local service, as `halfprice local --data .halfprice/local --faults …` starts it.
  const server = await startLocal({
    dataDir: join(folder, ".halfprice", "local"),
    speed: 6000,
    seed: 1,
    faults: {
      records: [
        { fault: "throttled", times: 110 },
        { fault: "refused", times: 3 },
      ],
    },
  });
  onTestFinished(() => server.close());
  const run = [
    "run",
    "texts.csv",
    "--prompt",
    "Repeat: {{text}}",
    "--model",
    "claude-haiku-4.5",
    "--local",
    "-o",
    "out.csv",
  ];
  const first = await runCli(run, folder);
  expect([first.code, first.stdout]).toEqual([
    4,
    expect.stringMatching(/110 records can be sent again for about \$0\.\d+/),
  ]);
  const shown = await runCli(["retry", "texts", "--local", "--plan", "--json"], folder);
  const plan = JSON.parse(shown.stdout) as RetryJson;
  expect(plan.sent).toMatchObject([{ way: "again", recordCount: 110 }]);
  expect(plan.left).toMatchObject([{ way: "declined", recordCount: 3 }]);
  const again = await runCli(["retry", "texts", "--local"], folder);
  expect(again.stdout).toContain("110 records in 1 job, in batch");
  expect([again.code, again.stdout]).toEqual([4, expect.stringContaining("150 rows · 147 answered · 2 jobs")]);
  expect(readFileSync(join(folder, "out.csv"), "utf8").split("\n")).toHaveLength(152);
  const nothing = await runCli(["retry", "texts", "--local"], folder);
  expect([nothing.code, nothing.stdout]).toEqual([0, expect.stringContaining("nothing is sent")]);
  const bad = await runCli(["retry", "texts", "--local", "--max-attempts", "1"], folder);
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("from 2 to 10")]);
  const results = join(folder, ".halfprice", "runs", plan.runId, "results.parquet");
  const seen = await runCli(["clean", "texts", "--local", "--plan"], folder);
  expect([seen.stdout, existsSync(results)]).toEqual([
    expect.stringMatching(/6 objects, .* in s3:\/\/halfprice-local/),
    true,
  ]);
  const cleaned = await runCli(["clean", "--local"], folder);
  expect([cleaned.stdout, existsSync(results)]).toEqual([
    expect.stringContaining("Removed what 1 run had left."),
    false,
  ]);
  const gone = await runCli(["export", "texts", "-o", "again.csv"], folder);
  expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining("RUN_CLEANED")]);
}, 60_000);
