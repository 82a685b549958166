import { expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const rows = Array.from({ length: 150 }, (_, index) => [String(index), `text number ${index}`]);
const model = ["--prompt", "Say {{text}}", "--model", "claude-haiku-4.5"];
const nobody = { AWS_EC2_METADATA_DISABLED: "true" };

it("without credentials a plan goes by documented limits and known prices, and says so; a run does not begin", async () => {
  const folder = makeFolder();
  writeFile(folder, "t.csv", makeCsv(["id", "text"], rows));
  const planned = await runCli(["plan", "t.csv", ...model, "--region", "us-east-1", "--json"], folder, nobody);
  expect(planned.code).toBe(0);
  const plan = JSON.parse(planned.stdout) as Record<string, unknown>;
  expect(plan).toMatchObject({
    recordCount: 150,
    costUsd: { expected: expect.any(Number) as number },
    offline: { code: "NO_CREDENTIALS", fix: expect.any(String) as string },
  });
  const shown = await runCli(["plan", "t.csv", ...model], folder, nobody);
  expect(shown.stdout).toMatch(/Offline +the account was not asked/);
  const run = await runCli(["run", "t.csv", ...model, "--region", "us-east-1", "--yes"], folder, nobody);
  expect(run.stderr).toContain("NO_CREDENTIALS");
  const saved = await runCli(["plan", "t.csv", ...model, "--region", "us-east-1", "--save", "p.json"], folder, nobody);
  expect(saved.stderr).toContain("NO_CREDENTIALS");
});

it("a file that is not there is said before anybody is asked", async () => {
  const folder = makeFolder();
  writeFile(folder, "t.csv", makeCsv(["id", "text"], rows));
  for (const command of ["plan", "run"]) {
    const refused = await runCli([command, "tt.csv", ...model, "--region", "us-east-1"], folder, nobody);
    expect(refused.stderr).toMatch(/NO_SUCH_FILE[\s\S]*The nearest is t\.csv/);
  }
});
