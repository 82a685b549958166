import { HalfpriceError } from "../foundation/errors/index.ts";
import { findNearest } from "../foundation/nearest-name.ts";
import type { BatchOptions, RunBatchOptions, SessionOptions } from "./batch-options.ts";

const sessionNames = [
  "workspace",
  "local",
  "region",
  "profile",
  "endpointUrl",
  "bucket",
  "prefix",
  "role",
  "kmsKey",
  "vpcSubnets",
  "vpcSecurityGroups",
  "configFile",
  "aws",
  "signal",
  "onProgress",
] as const satisfies readonly (keyof SessionOptions)[];

/** The options of a batch, which a plan has too. */
const batchNames = [
  "limit",
  "sample",
  "select",
  "sql",
  "maxCostUsd",
  "maxCostTotalUsd",
  "belowMinimum",
  "route",
  "thinking",
  "effort",
  "dialect",
  "skipEmpty",
  "onPromptError",
  "onMediaError",
  "fullRefresh",
  "allowGlobal",
  "timezone",
  "answersPerRow",
  "canary",
  "pack",
  "packTolerance",
  "maxAttempts",
  "timeoutHours",
  "deadline",
  "maxTokens",
  "price",
  "allowMissing",
  "tags",
  "answerPrefix",
] as const satisfies readonly (keyof BatchOptions)[];

const runNames = [
  "output",
  "parts",
  "workers",
  "overwrite",
  "safeCsv",
  "report",
  "skipChecks",
  "onFailedCheck",
  "onPlan",
  "confirm",
  "onDecided",
  "onReplan",
  "onJoin",
] as const satisfies readonly (keyof RunBatchOptions)[];

/** The options of a batch and of its run; those that a verb does not need it leaves alone. */
export const batchOptionNames: readonly string[] = [...batchNames, ...runNames];

/** @throws BAD_OPTIONS where an option has a name that no option has */
export function refuseUnknownOptions(options: object, extra: readonly string[], command: string): void {
  const known: readonly string[] = [...sessionNames, ...extra];
  const problems = Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = findNearest(name, known);
      return `${name} is an unknown option${nearest === undefined ? "" : `; the nearest is ${nearest}`}`;
    });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
}
