import type { JobService } from "../aws/bedrock.ts";
import { openJobService } from "../aws/bedrock.ts";
import type { Identity } from "../aws/sts.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import { resolveModel } from "../models/resolve-model.ts";
import type { RunPlace } from "../workspace/run-file.ts";
import { makeRunId } from "../workspace/run-folder.ts";
import type { Session } from "../workspace/session.ts";
import type { NamedResult } from "./check-account.ts";
import { fail, pass, skip } from "./checks/check.ts";

/** A model that runs in batch in most regions: where it is refused in the same words, the probe itself is at fault. */
const controlModel = "nova-lite";

/**
 * Asks the service itself, with a job whose input is not there: it answers what it knows at once (another account's role,
 * the caller's rights, the model, in this order), and nothing can run or be billed. Where it takes the job, one that fails
 * stays in the account's list for good. @see sources#dry-run, collected 2026-11-21; reported once
 */
export async function probeCreation(
  session: Session,
  identity: Identity,
  place: Partial<RunPlace>,
  model: ModelChoice | undefined,
): Promise<NamedResult> {
  const check = "probe";
  const subject = "CreateModelInvocationJob";
  const { bucket, roleArn, prefix = "" } = place;
  if (bucket === undefined || roleArn === undefined || model === undefined)
    return { check, ...skip(subject, "needs a bucket, a role and a model") };
  const jobs = openJobService({ ...session.connection, region: identity.region });
  const ask = (modelId: string, name: string): Promise<HalfpriceError | undefined> =>
    tryCreate(jobs, session, { modelId, name, bucket, roleArn, prefix, accountId: identity.accountId });
  try {
    const refusal = await ask(model.invokeId, "model");
    if (refusal === undefined)
      return {
        check,
        ...pass(
          subject,
          "taken: caller, role and model are as the service wants them (the job fails by itself, its input is not there)",
        ),
      };
    const isModel = /batch inference is not supported/i.test(refusal.message);
    if (!isModel) return { check, ...fail(subject, refusal) };
    const control = await findControl(session, identity);
    const controlRefusal = control === undefined ? refusal : await ask(control.invokeId, "control");
    if (controlRefusal === undefined) {
      const problem = `the service has no batch inference for ${model.invokeId} in ${identity.region}, while ${control?.invokeId} was taken`;
      const fix = `halfprice models --region ${identity.region} lists what has; or another profile's id`;
      return {
        check,
        ...fail(subject, new HalfpriceError("MODEL_ACCESS", { model: model.label, problem, fix }, { cause: refusal })),
      };
    }
    return { check, ...fail(subject, refusal) };
  } finally {
    jobs.close();
  }
}

interface Attempt {
  readonly modelId: string;
  readonly name: string;
  readonly bucket: string;
  readonly roleArn: string;
  readonly prefix: string;
  readonly accountId: string;
}

async function tryCreate(
  jobs: JobService,
  { nowMs, random }: Session,
  { modelId, name, bucket, roleArn, prefix, accountId }: Attempt,
): Promise<HalfpriceError | undefined> {
  // A job's name can be used once, also by a failed one.
  const id = `halfprice-doctor-${name}-${makeRunId(nowMs(), random)}`;
  try {
    await jobs.create({
      jobName: id,
      clientToken: id,
      modelId,
      roleArn,
      inputUri: `s3://${bucket}/${prefix}doctor/${id}/nothing-here/`,
      outputUri: `s3://${bucket}/${prefix}doctor/${id}/output/`,
      accountId,
      timeoutHours: 24,
      invocation: "InvokeModel",
      tags: {},
    });
    return undefined;
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return error;
    throw error;
  }
}

async function findControl({ nowMs }: Session, { region }: Identity): Promise<ModelChoice | undefined> {
  try {
    return resolveModel({ model: controlModel, region, nowMs: nowMs() });
  } catch (error) {
    if (isError(error)) return undefined;
    throw error;
  }
}
