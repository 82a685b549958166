import { readFileSync } from "node:fs";
import type { Plan } from "../../src/foundation/types/index.ts";
import type { RunFile } from "../../src/workspace/run-file.ts";

const folder = new URL("../fixtures/workspace-of-first-version/workspace/runs/20261121-090003-th25f/", import.meta.url);

/** A `run.json` as it was written, with some members of its own. */
export function makeRunFile(own: Partial<RunFile> = {}): RunFile {
  return { ...(JSON.parse(readFileSync(new URL("run.json", folder), "utf8")) as RunFile), ...own };
}

/** A `plan.json` as it was written. */
export function makePlanFile(): Plan {
  return JSON.parse(readFileSync(new URL("plan.json", folder), "utf8")) as Plan;
}
