import { accessSync, constants, statfsSync } from "node:fs";
import { defineConfig } from "vitest/config";

/**
 * Every file of a run is flushed to the disk, some hundred times in each of a thousand runs: in memory that costs nothing. Whether it is
 * flushed is tested by what is called (test/run/power-cut.test.ts), wherever the files are.
 */
function findMemoryFolder(): string | undefined {
  const folder = "/dev/shm";
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 * 1024 ** 3 ? folder : undefined;
  } catch {
    return undefined;
  }
}

const memoryFolder = findMemoryFolder();
if (memoryFolder !== undefined && process.env["TMPDIR"] === undefined) process.env["TMPDIR"] = memoryFolder;

/** What holds for every kind of workspace: these files run a second time with workspaces on S3. */
const everyWorkspace = [
  "test/run/claims.test.ts",
  "test/run/clean.test.ts",
  "test/run/job-ends.test.ts",
  "test/run/killed-run.test.ts",
  "test/run/survives.test.ts",
  "test/workspace/conformance.test.ts",
];

/** What takes long: kills at every kind of point, hundreds of jobs, simulations, whole recipes. `npm run prove -- --only tests` runs them. */
const longTests = [
  "test/cli/races.test.ts",
  "test/deploy/deadline-pass.test.ts",
  "test/deploy/killed-pass.test.ts",
  "test/deploy/pass.test.ts",
  "test/eval/figures.test.ts",
  "test/library/compare/compare-models.test.ts",
  "test/library/pack-canary.test.ts",
  "test/local/aws-cli.test.ts",
  "test/local/bedrock/many-jobs.test.ts",
  "test/run/killed-canary.test.ts",
  "test/run/killed-rounds.test.ts",
  "test/run/killed-run.test.ts",
  "test/run/packed/killed-packed.test.ts",
  "test/run/parts/killed-parts.test.ts",
  "test/run/slots.test.ts",
  "test/run/survives.test.ts",
  "test/scripts/soak.test.ts",
  "test/recipes/million-rows.test.ts",
  "test/recipes/recipes.test.ts",
];

const isLong = process.env["HALFPRICE_LONG_TESTS"] === "1";

export default defineConfig({
  test: {
    projects: isLong
      ? [
          { extends: true, test: { name: "folder", include: longTests } },
          { extends: true, test: { name: "s3", include: everyWorkspace, env: { HALFPRICE_TEST_WORKSPACE: "s3" } } },
        ]
      : [{ extends: true, test: { name: "folder", include: ["test/**/*.test.ts"], exclude: longTests } }],
    // A file finds what the one before it has loaded: to load it all again takes longer than most files' tests.
    isolate: false,
    globalSetup: ["test/setup/global.ts"],
    setupFiles: ["test/setup/isolate.ts"],
    // Two workers on two busy cores: a test that hangs is found all the same.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One more than the two cores that it is made for: tests wait for processes of their own.
    maxWorkers: 3,
    // What differs between runs is a defect: no retries.
    retry: 0,
  },
});
