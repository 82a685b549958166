import { openJobService } from "../aws/bedrock.ts";
import type { Config } from "../config/read-config.ts";
import type { NamedResult } from "../doctor/check-account.ts";
import { diagnose } from "../doctor/doctor.ts";
import { explainMessage, explainParaphrase } from "../explanations/explain.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Explanation } from "../foundation/types/index.ts";
import { readRuns } from "../ledger/runs.ts";
import { readShards } from "../ledger/shards.ts";
import { type ListedModel, listModels } from "../models/list-models.ts";
import type { BatchSpec } from "../prompt/define-batch.ts";
import { adoptJob } from "../run/adopt/adopt-job.ts";
import { type ModelRefresh, refreshModels } from "../run/plan/refresh-models.ts";
import { openSetup } from "../setup/set-up.ts";
import { openUndo, type UndoStep } from "../setup/undo-setup.ts";
import { type CleanedRuns, cleanRuns } from "../workspace/clean-runs.ts";
import { findReading, guessOriginKind } from "../workspace/model-readings.ts";
import { type CleanPlan, planClean } from "../workspace/plan-clean.ts";
import { hasLedger, openWorkspace } from "../workspace/session.ts";
import { findRunRow, showRun } from "../workspace/show-run.ts";
import { refuseUnknownOptions, type SessionOptions, toRunOptions } from "./batch-options.ts";
import type { BatchRun } from "./batch-run.ts";
import { inLibrarySession, readLibraryConfig } from "./library-session.ts";
import { readBatch } from "./read-batch.ts";
import { followRun } from "./run-batch.ts";

/** What doctor looks at, besides the account. */
export interface DoctorOptions extends SessionOptions {
  /** A batch, with its table and prompt. */
  readonly batch?: BatchSpec;
  /** A run: why its jobs or rows failed, and whether it would go now. */
  readonly run?: string;
  readonly model?: string;
  /** Is told each result as it comes. */
  readonly onResult?: (result: NamedResult) => void;
}

/** What doctor found. */
export interface DoctorReport {
  /** No check failed. */
  readonly isWell: boolean;
  readonly results: readonly NamedResult[];
}

/** Looks at everything that a run needs: caller, bucket, role, rights, model, quotas, table. Reads only. */
export async function doctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  refuseUnknownOptions(options, ["batch", "run", "model", "onResult"], "doctor");
  const { batch, run, model, onResult = () => undefined } = options;
  return inLibrarySession(options, async (session) => {
    const target = {
      ...(batch === undefined ? {} : { request: readBatch(batch, toRunOptions({}, "doctor")) }),
      ...(model === undefined ? {} : { model }),
      ...(run === undefined ? {} : { shown: await showRun(session, run) }),
    };
    const { results } = await diagnose(session, target, onResult);
    return { isWell: results.every(({ status }) => status !== "fail"), results };
  });
}

/** What setup makes, and for whom. */
export interface SetupOptions extends SessionOptions {
  /** Role and caller may use these models only. @defaultValue every model */
  readonly models?: readonly string[];
  /** The ARN of the user or role that is to run halfprice. @defaultValue who calls */
  readonly caller?: string;
  /** The caller may also read what doctor looks at. @defaultValue false */
  readonly withDoctor?: boolean;
  /** Adds to the policy of the KMS key what it lacks. @defaultValue false */
  readonly changeKeyPolicy?: boolean;
  /** Days after which files of runs are removed from the bucket; 8 to 9999. @defaultValue 30 */
  readonly expireDays?: number;
  /** Takes back what setup made, instead. @defaultValue false */
  readonly undo?: boolean;
  /** Asked before anything is written; without it nothing is, and the steps are what would be done. */
  readonly confirm?: (steps: readonly SetupStep[]) => boolean | Promise<boolean>;
}

/** One thing that setup makes, changes, keeps, removes or leaves. */
export interface SetupStep {
  readonly name: string;
  readonly action: "create" | "change" | "keep" | UndoStep["action"];
  /** The document as it is now, and as it would be. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What setup did, or would do. */
export interface SetupReport {
  readonly isApplied: boolean;
  readonly steps: readonly SetupStep[];
}

/**
 * Makes bucket, role and policies for runs, or takes them back. Writes nothing unless `confirm` says yes.
 * @throws SETUP_DENIED, BAD_OPTIONS; UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function setup(options: SetupOptions = {}): Promise<SetupReport> {
  const own = ["models", "caller", "withDoctor", "changeKeyPolicy", "expireDays", "undo", "confirm"];
  refuseUnknownOptions(options, own, "setup");
  const { expireDays = 30, confirm, undo } = options;
  if (!Number.isInteger(expireDays) || expireDays < 8 || expireDays > 9999) {
    const problems = [`expireDays is ${expireDays}; it has to be a whole number from 8 to 9999: a job may take a week`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "setup" });
  }
  const { bucket, prefix, roleArn, kmsKey, vpc } = await readLibraryConfig(options);
  return inLibrarySession(options, async (given) => {
    // The local service brings a bucket and a role of its own; setup makes those that it would make on AWS.
    const own = options.local === true ? { bucket, prefix, roleArn, kmsKey, vpc } : {};
    const session = { ...given, config: { ...given.config, ...own } };
    const opened =
      undo === true
        ? await openUndo(session)
        : await openSetup(
            session,
            {
              models: options.models ?? [],
              expireDays,
              withDoctor: options.withDoctor === true,
              changeKeyPolicy: options.changeKeyPolicy === true,
              ...(options.caller === undefined ? {} : { caller: options.caller }),
            },
            undefined,
          );
    try {
      const steps: readonly SetupStep[] =
        "plan" in opened
          ? opened.plan.parts.map(({ name, action, before, after }) => ({ name, action, before, after }))
          : opened.steps.map(({ name, action, now, before }) => ({ name, action, before: now, after: before }));
      const isApplied = confirm !== undefined && (await confirm(steps));
      if (isApplied) await opened.apply(() => undefined);
      return { isApplied, steps };
    } finally {
      opened.close();
    }
  });
}

/** What is cleaned. */
export interface CleanOptions extends SessionOptions {
  /** A run's id, the start of one, or its name. @defaultValue every run of this account that has ended */
  readonly run?: string;
  /** Leaves the tables and reports in the workspace. @defaultValue false */
  readonly keepResults?: boolean;
  /** Asked before anything is removed; without it nothing is, and the plans are what would be. */
  readonly confirm?: (plans: readonly CleanPlan[]) => boolean | Promise<boolean>;
}

/** What was removed, or would be. */
export interface CleanReport extends CleanedRuns {
  readonly plans: readonly CleanPlan[];
}

/**
 * Removes what runs have left in S3 and on disk. Removes nothing unless `confirm` says yes. What a run has cost stays known.
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_UNFINISHED, RUN_AWAITED, WRONG_ORIGIN
 */
export async function clean(options: CleanOptions = {}): Promise<CleanReport> {
  refuseUnknownOptions(options, ["run", "keepResults", "confirm"], "clean");
  const { run, keepResults = false, confirm } = options;
  return inLibrarySession(options, async (session) => {
    const ids = run === undefined ? undefined : [(await findRunRow(session, run)).id];
    const plans = await planClean(session, ids, keepResults);
    const isYes = confirm !== undefined && plans.length > 0 && (await confirm(plans));
    const done = isYes ? await cleanRuns(session, plans) : { removed: [], left: [] };
    return { plans, ...done };
  });
}

/** Which models are listed. */
export interface ModelOptions extends SessionOptions {
  readonly family?: string;
}

/** The models of the catalogue, with ids, profiles and prices of the region where one is given. @throws BAD_OPTIONS */
export async function models(options: ModelOptions = {}): Promise<readonly ListedModel[]> {
  refuseUnknownOptions(options, ["family"], "models");
  const config = await readLibraryConfig(options);
  const kind = options.local === true ? "local" : guessOriginKind(config, process.env);
  return listModels({
    region: options.region,
    family: options.family,
    nowMs: Date.now(),
    findReading: (region) => findReading(config.workspace, { kind, region }),
  });
}

/** Reads the region's prices and models from the account into the workspace. @throws what the account's services refuse with */
export async function refreshModelList(options: SessionOptions = {}): Promise<ModelRefresh> {
  refuseUnknownOptions(options, [], "refreshModelList");
  return inLibrarySession(options, (session) => refreshModels(session));
}

/** What a message of AWS or of halfprice means and what to do; undefined where nobody has seen it yet. */
export function explain(message: string): Explanation | undefined {
  return explainMessage(message) ?? explainParaphrase(message);
}

/** How a job that was made elsewhere becomes a run. */
export interface AdoptJobOptions extends SessionOptions {
  /** What to call the run. @defaultValue the job's name */
  readonly name?: string;
  /** Output file (.parquet, .csv, .jsonl, .xlsx) or s3:// object. */
  readonly output?: string;
}

/**
 * Takes in a batch inference job that was made elsewhere, and follows it to its end: from here on it is a run of the workspace.
 * @param jobArn decides the region, unless `region` does
 * @throws SERVICE_REFUSED where there is no such job, UNREACHABLE, CREDENTIALS_REFUSED; BAD_OUTPUT
 */
export async function adopt(jobArn: string, options: AdoptJobOptions = {}): Promise<BatchRun> {
  refuseUnknownOptions(options, ["name", "output"], "adopt");
  const { name, output } = options;
  const region = options.region ?? /^arn:aws[\w-]*:bedrock:([a-z0-9-]+):/.exec(jobArn)?.[1];
  return inLibrarySession({ ...options, ...(region === undefined ? {} : { region }) }, async (session) => {
    const id = await adoptJob(session, jobArn, {
      ...(name === undefined ? {} : { name }),
      ...(output === undefined ? {} : { output }),
    });
    return followRun(session, id, output);
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
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(counts === undefined ? {} : { counts }),
        ...(owners.has(arn) ? { runId: owners.get(arn) ?? "" } : {}),
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
