import * as v from "valibot";
import type { Plan } from "../foundation/types/index.ts";
import type { RunFile } from "./run-file.ts";

/*
 * What run.json and plan.json have to be before anything works with them: what a run is told by, where its work goes, what
 * every use of it reads. Members that are not named here are kept as they are: older versions left some out, and the families have
 * their own. A file of a higher version is not read at all.
 */

/** The version of `run.json` and `plan.json` that is written, and the highest that is read. */
export const runFileVersion = 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const texts = v.record(v.string(), v.string());
const lane = v.picklist(["batch", "on_demand"]);
const estimate = v.object({ low: v.number(), expected: v.number(), high: v.number() });

const model = v.looseObject({
  invokeId: v.string(),
  baseId: v.string(),
  label: v.string(),
  family: v.string(),
  refuses: v.array(v.string()),
});

const runSchema = v.looseObject({
  id: v.string(),
  name: v.string(),
  createdAt: v.number(),
  fingerprint: v.string(),
  origin: v.object({ kind: v.picklist(["aws", "local"]), accountId: v.string(), region: v.string() }),
  endpointUrl: v.optional(v.string()),
  table: v.looseObject({
    shownPath: v.string(),
    file: v.string(),
    reading: v.looseObject({ hasLongRows: v.boolean() }),
  }),
  prompt: v.looseObject({
    kind: v.picklist(["template", "function", "raw"]),
    source: v.string(),
    text: v.string(),
  }),
  model,
  invocation: v.picklist(["InvokeModel", "Converse"]),
  parameters: v.looseObject({ maxTokens: v.number() }),
  answer: v.looseObject({}),
  answerPrefix: v.string(),
  canary: v.optional(v.looseObject({ index: count, recordCount: count })),
  pack: v.optional(
    v.looseObject({
      rowsPerRequest: count,
      maxTokens: count,
      keyName: v.string(),
      parts: v.array(v.looseObject({ kind: v.string() })),
    }),
  ),
  timeoutHours: v.number(),
  deadline: v.optional(v.number()),
  tags: texts,
  allowMissing: v.number(),
  place: v.optional(v.looseObject({ bucket: v.string(), prefix: v.string(), roleArn: v.string() })),
});

const planSchema = v.looseObject({
  model,
  limits: v.looseObject({ minRecordsPerJob: count, maxRecordsPerJob: count }),
  rowCount: count,
  recordCount: count,
  skippedCount: count,
  duplicateCount: count,
  sizeBytes: count,
  shards: v.array(v.looseObject({ index: count, fromRow: count, toRow: count, recordCount: count, sizeBytes: count })),
  lanes: v.optional(v.array(v.looseObject({ lane, shardCount: count, recordCount: count }))),
  inputTokens: estimate,
  outputTokens: estimate,
  samples: v.array(v.unknown()),
});

/** Why a file of a run cannot be worked with. */
export class RunFileProblem extends Error {
  /** The file's version, where a newer halfprice wrote it. */
  readonly newerVersion: string | undefined;
  constructor(reason: string, newerVersion?: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.newerVersion = newerVersion;
  }
}

/** @throws RunFileProblem */
function parseFile(text: string, schema: typeof runSchema | typeof planSchema): unknown {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new RunFileProblem(text.trim() === "" ? "it is empty" : "it is not JSON, or cut off", undefined, { cause });
  }
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw new RunFileProblem("it is not an object");
  const { version } = found as { version?: unknown };
  if (version !== undefined && version !== runFileVersion) {
    const isNewer = typeof version === "number" && version > runFileVersion;
    throw new RunFileProblem(`its version is ${JSON.stringify(version)}`, isNewer ? String(version) : undefined);
  }
  const parsed = v.safeParse(schema, found, { abortEarly: true });
  if (parsed.success) return found;
  const [issue] = parsed.issues;
  throw new RunFileProblem(`${v.getDotPath(issue) ?? "its content"}: ${issue.message}`);
}

/** What was asked. @throws RunFileProblem */
export function parseRun(text: string): RunFile {
  const run = parseFile(text, runSchema) as RunFile;
  // Every version has written it.
  if (run.version === undefined) throw new RunFileProblem("it has no version");
  return run;
}

/** What was planned. @throws RunFileProblem */
export function parsePlan(text: string): Plan {
  const { version: _, ...plan } = parseFile(text, planSchema) as Plan &
    Partial<Pick<Plan, "lanes" | "belowMinimum">> & { readonly version?: number };
  if (plan.lanes !== undefined) return plan;
  // A plan of before there were lanes: all of it is batch.
  const { shards, recordCount, batchUsd } = plan;
  const usd = batchUsd === undefined ? {} : { usd: batchUsd };
  return {
    ...plan,
    belowMinimum: "fail",
    shards: shards.map((shard) => ({ ...shard, lane: "batch" })),
    lanes: [{ lane: "batch", shardCount: shards.length, recordCount, ...usd }],
    ...(batchUsd === undefined ? {} : { costUsd: batchUsd }),
  };
}
