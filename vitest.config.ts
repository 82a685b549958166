import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
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
