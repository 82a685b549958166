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

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "folder", include: ["test/**/*.test.ts"] } },
      { extends: true, test: { name: "s3", include: everyWorkspace, env: { HALFPRICE_TEST_WORKSPACE: "s3" } } },
    ],
    globalSetup: ["test/setup/global.ts"],
    setupFiles: ["test/setup/isolate.ts"],
    // Two workers on two busy cores: a test that hangs is found all the same.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // What differs between runs is a defect: no retries.
    retry: 0,
  },
});
