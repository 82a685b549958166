import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { openJobService } from "../../aws/bedrock.ts";
import { openFrozen } from "../../dataset/freeze-table.ts";
import { numberedRows, quoteText, writeOptions } from "../../engine/sql.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { parseRunOptions } from "../../foundation/options/run-options.ts";
import type { LanePlan, Plan, Shard } from "../../foundation/types/index.ts";
import { recordRun } from "../../ledger/runs.ts";
import { recordSubmitted } from "../../ledger/seen-jobs.ts";
import { recordUploading } from "../../ledger/shards.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { publishRun } from "../../workspace/fetch-run.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { type RunPaths, writePlanFile, writeRunFile } from "../../workspace/run-folder.ts";
import { findEndpoint, openWorkspace, type Session, withEngine } from "../../workspace/session.ts";
import { dropDraft, type PlannedRun, planRun } from "../plan/plan-run.ts";

/** What a person may say about a job that is taken in. */
export interface AdoptOptions {
  /** @defaultValue the job's own name */
  readonly name?: string;
  /** Where the table goes. */
  readonly output?: string;
}

/**
 * Takes in a job that was made elsewhere: its input becomes the table of a run, and its answers are fetched and joined as those of any
 * run. Nothing is sent. The records keep the ids that the job has for them.
 * @returns the run's id, to be worked on
 * @throws BAD_OPTIONS where it is no job's ARN, or its input is no single file with ids; SERVICE_REFUSED where there is no such job, or its
 * files may not be read; BAD_REQUESTS, MIXED_REQUESTS
 */
export async function adoptJob(session: Session, jobArn: string, options: AdoptOptions): Promise<string> {
  const [, region] = /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):\d{12}:model-invocation-job\/[a-z0-9]+$/.exec(jobArn) ?? [];
  if (region === undefined) throw refuse(`${jobArn} is no ARN of a batch inference job`);
  if (session.connection.region !== undefined && session.connection.region !== region)
    throw refuse(`the job is in ${region}; this command would ask ${session.connection.region}: --region ${region}`);
  const jobs = openJobService(session.connection);
  const job = await jobs.get(jobArn).finally(() => jobs.close());
  const { inputUri = "", outputUri = "", roleArn = "", invocation = "InvokeModel" } = job;
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(outputUri) ?? [];
  if (!inputUri.endsWith(".jsonl"))
    throw refuse(`the input of the job is ${inputUri}; halfprice takes in jobs of one .jsonl file`);
  // Plans as for the job: its bucket and its role.
  const own: Session = { ...session, config: { ...session.config, bucket, prefix, roleArn } };
  const planned = await planRun(own, {
    table: inputUri,
    prompt: { kind: "raw", source: inputUri, column: "modelInput", text: "raw:modelInput", settings: {} },
    options: { ...parseRunOptions({ belowMinimum: "on-demand" }, "halfprice adopt"), fullRefresh: true },
    model: job.modelId,
    name: options.name ?? job.jobName,
    ...(invocation === "Converse" ? { invocation } : {}),
  });
  try {
    await keepIds(planned);
    const plan = toOneJob(planned.plan);
    const endpointUrl = findEndpoint(session, planned.run.origin.kind);
    const run: RunFile = {
      ...planned.run,
      ...defined({ endpointUrl }),
      model: plan.model,
      adopted: { jobArn },
      place: { bucket, prefix, roleArn },
    };
    promote(planned.paths, run, plan);
    await publishRun(planned.paths);
    const ledger = await openWorkspace(session.config);
    try {
      await recordJob(
        session,
        ledger,
        { run, plan, job: { jobArn, jobName: job.jobName, inputUri, outputUri } },
        options.output,
      );
    } finally {
      ledger.close();
    }
    return run.id;
  } catch (error) {
    dropDraft(planned);
    throw error;
  }
}

const refuse = (problem: string): HalfpriceError =>
  new HalfpriceError("BAD_OPTIONS", { problems: [problem], command: "halfprice adopt" });

/** The job answers each line by the line's own id, and equal lines apart. @throws BAD_OPTIONS where lines have no ids of their own */
async function keepIds({ run, paths }: PlannedRun): Promise<void> {
  await withEngine(paths, async (engine) => {
    const table = await openFrozen(
      engine,
      join(paths.directory, run.table.file),
      run.table.shownPath,
      run.table.reading,
    );
    if (!table.columns.some(({ name }) => name === "recordId"))
      throw refuse(`the lines of ${run.table.shownPath} have no recordId, by which answers are told apart`);
    const [counted] = await engine.rows(
      `SELECT count(*) AS rows, count(DISTINCT recordId) AS ids FROM ${table.relation}`,
    );
    if (counted?.["rows"] !== counted?.["ids"])
      throw refuse(
        `the lines of ${run.table.shownPath} do not have an id each: ${String(counted?.["ids"])} for ${String(counted?.["rows"])} lines`,
      );
    const records = join(paths.directory, recordFiles.records);
    const duplicates = join(paths.directory, recordFiles.duplicates);
    await engine.run(`
      COPY (
        SELECT t.id AS record_id, r.* EXCLUDE (row, record_id)
        FROM ${numberedRows(records)} r
        JOIN (SELECT row_number() OVER () - 1 AS row, recordId::VARCHAR AS id FROM ${table.relation}) t USING (row)
        ORDER BY row
      ) TO ${quoteText(`${records}.tmp`)} (${writeOptions.parquet})`);
    await engine.run(
      `COPY (SELECT * FROM read_parquet(${quoteText(duplicates)}) WHERE false) TO ${quoteText(`${duplicates}.tmp`)} (${writeOptions.parquet})`,
    );
    renameSync(`${records}.tmp`, records);
    renameSync(`${duplicates}.tmp`, duplicates);
  });
}

/** The same plan as the one job that there is. */
function toOneJob(plan: Plan): Plan {
  const shard: Shard = {
    index: 0,
    lane: "batch",
    fromRow: 0,
    toRow: plan.rowCount,
    recordCount: plan.rowCount,
    fromByte: 0,
    sizeBytes: plan.sizeBytes,
  };
  const usd = plan.batchUsd === undefined ? {} : { usd: plan.batchUsd };
  const lanes: LanePlan[] = [{ lane: "batch", shardCount: 1, recordCount: plan.rowCount, ...usd }];
  const { costUsd: _, ...rest } = plan;
  const cost = plan.batchUsd === undefined ? {} : { costUsd: plan.batchUsd };
  return { ...rest, ...cost, recordCount: plan.rowCount, duplicateCount: 0, shards: [shard], lanes };
}

function promote(paths: RunPaths, run: RunFile, plan: Plan): void {
  mkdirSync(join(paths.directory, "input"), { recursive: true });
  renameSync(join(paths.directory, recordFiles.lines), join(paths.directory, "input", basename(recordFiles.lines)));
  writePlanFile(paths, plan);
  writeRunFile(paths, run);
}

interface Adopted {
  readonly run: RunFile;
  readonly plan: Plan;
  readonly job: {
    readonly jobArn: string;
    readonly jobName: string;
    readonly inputUri: string;
    readonly outputUri: string;
  };
}

async function recordJob(
  { nowMs }: Session,
  ledger: Awaited<ReturnType<typeof openWorkspace>>,
  { run, plan, job }: Adopted,
  outputPath: string | undefined,
): Promise<void> {
  const { id, name, fingerprint, origin, createdAt } = run;
  const { shards, rowCount, recordCount, costUsd: estimateUsd } = plan;
  const withEstimates = shards.map((shard) => ({ ...shard, estimateHighUsd: estimateUsd?.high }));
  const row = {
    id,
    name,
    fingerprint,
    origin,
    createdAt,
    modelLabel: run.model.label,
    rowCount,
    recordCount,
    outputPath,
    estimateUsd,
  };
  await recordRun(ledger, { ...row, shards: withEstimates }, () => undefined);
  const key = { runId: id, index: 0, attempt: 1 };
  const { jobArn, jobName, inputUri } = job;
  const outputUri = job.outputUri.endsWith("/") ? job.outputUri : `${job.outputUri}/`;
  await recordUploading(ledger, key, { jobName, clientToken: jobArn, inputUri, outputUri }, nowMs());
  await recordSubmitted(ledger, key, jobArn, nowMs());
}
