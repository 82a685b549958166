import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { cleanEnv } from "../support/run-cli.ts";

it("the soak kills real processes, takes their runs up again, and finds every table the same", () => {
  const script = fileURLToPath(new URL("../../scripts/soak.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, "--kills", "3", "--seed", "5", "--parallel", "1"],
    {
      encoding: "utf8",
      env: cleanEnv(),
    },
  );
  expect([status, stderr]).toEqual([0, expect.not.stringContaining("Error")]);
  expect(stdout).toMatch(/seed 5: [3-9] kills of \d+ runs/);
  expect(stdout).toContain("every run ended in the same table; no job twice, none orphaned");
}, 120_000);

it("the soak lets processes race for the same records, kills some, and counts at the service", () => {
  const script = fileURLToPath(new URL("../../scripts/soak.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, "--races", "--kills", "2", "--seed", "5", "--parallel", "1"],
    { encoding: "utf8", env: cleanEnv() },
  );
  expect([status, stdout, stderr]).toEqual([
    0,
    expect.stringContaining("every process ended with its whole table; no record of a job was sent twice"),
    expect.not.stringContaining("Error"),
  ]);
}, 180_000);
