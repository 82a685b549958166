import { openJobService } from "../../aws/bedrock.ts";
import type { Config } from "../../config/read-config.ts";
import { defined } from "../../foundation/defined.ts";
import { readRuns } from "../../ledger/runs.ts";
import { readShards } from "../../ledger/shards.ts";
import { adoptJob } from "../../run/adopt/adopt-job.ts";
import { checkOutputPath } from "../../run/plan/check-run-plan.ts";
import { hasLedger, openWorkspace } from "../../workspace/session.ts";
import type { SessionOptions } from "../batch-options.ts";
import type { BatchRun } from "../batch-run/batch-run.ts";
import { inLibrarySession } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";
import { readRun, workOnRun } from "../work-on-run.ts";

/** How a job that was made elsewhere becomes a run. */
export interface AdoptJobOptions extends SessionOptions {
  /** What to call the run. @defaultValue the job's name */
  readonly name?: string;
  /** Output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object. */
  readonly output?: string;
  /** Follows the job to its end; without it the run is taken in, and `resumeRun` or `collectRun` go on with it. @defaultValue true */
  readonly follow?: boolean;
}

/**
 * Takes in a batch inference job that was made elsewhere, and follows it to its end: from here on it is a run of the workspace.
 * @param jobArn decides the region, unless `region` does
 * @throws SERVICE_REFUSED where there is no such job, UNREACHABLE, CREDENTIALS_REFUSED; BAD_OUTPUT
 */
export async function adopt(jobArn: string, options: AdoptJobOptions = {}): Promise<BatchRun> {
  refuseUnknownOptions(options, ["name", "output", "follow"], "adopt");
  const { name, output, follow = true } = options;
  if (output !== undefined) await checkOutputPath(output);
  const region = options.region ?? /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):/.exec(jobArn)?.[1];
  return inLibrarySession({ ...options, ...defined({ region }) }, async (session) => {
    const id = await adoptJob(session, jobArn, defined({ name, output }));
    return follow ? workOnRun(session, options, id, "follow", { output }) : readRun(session, options, id);
  });
}

/** A batch inference job of the account, whoever made it. */
export interface AccountJob {
  readonly arn: string;
  readonly name: string;
  /** The ARN of model or inference profile. */
  readonly modelId: string;
  readonly status: string;
  /** Milliseconds since 1970; absent while it is under way. */
  readonly endedAt?: number;
  readonly counts?: {
    readonly total: number;
    readonly processed: number;
    readonly success: number;
    readonly error: number;
  };
  /** The run of this workspace that it belongs to. */
  readonly runId?: string;
}

/** The batch inference jobs of the account in the region, the newest first as the service lists them. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export async function listJobs(options: SessionOptions = {}): Promise<readonly AccountJob[]> {
  refuseUnknownOptions(options, [], "listJobs");
  return inLibrarySession(options, async ({ config, connection }) => {
    const service = openJobService(connection);
    try {
      const jobs = await service.list(undefined);
      const owners = hasLedger(config) ? await findOwners(config) : new Map<string, string>();
      return jobs.map(({ jobArn: arn, jobName: name, modelId, status, endedAt, counts }) => ({
        ...{ arn, name, modelId, status },
        ...defined({ endedAt, counts, runId: owners.get(arn) }),
      }));
    } finally {
      service.close();
    }
  });
}

/** Which run of the workspace has which job. */
async function findOwners(config: Config): Promise<Map<string, string>> {
  const ledger = await openWorkspace(config);
  try {
    const pairs = readRuns(ledger).flatMap(({ id }) =>
      readShards(ledger, id).flatMap(({ attempt }) =>
        attempt?.jobArn === undefined ? [] : [[attempt.jobArn, id] as const],
      ),
    );
    return new Map(pairs);
  } finally {
    ledger.close();
  }
}
