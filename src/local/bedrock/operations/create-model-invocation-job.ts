/** CreateModelInvocationJob: checks what AWS checks at once (sources#where-checks-happen), keeps the job and begins its life. */

import { createHash } from "node:crypto";
import { makeTagKeys } from "../../iam/request-keys.ts";
import { findJobModel } from "../../jobs/find-job-model.ts";
import { isEnd, type Job } from "../../jobs/job.ts";
import {
  findBatchProblem,
  findReference,
  type ModelReference,
  makeFoundationArn,
} from "../../models/answers/reference.ts";
import { checkModelAccess } from "../../models/model-access.ts";
import { checkEnd } from "../../models/model-ends.ts";
import { hashText, makeLowerId } from "../../models/seed.ts";
import type { Rights } from "../../operation.ts";
import type { WireRequest } from "../../service.ts";
import { Refusal } from "../../wire/refusal.ts";
import type { Static, StructureShape } from "../../wire/shape.ts";
import { type BedrockContext, defineOperation } from "../operation.ts";
import { makeJobArn } from "../rights.ts";
import {
  accountId,
  clientRequestToken,
  jobName,
  kmsKeyId,
  modelId,
  roleArn,
  s3Uri,
  tagList,
  vpcConfig,
} from "../shapes.ts";
import { checkTagCount, mergeTags } from "../tags.ts";

const input = {
  type: "structure",
  members: {
    jobName: { shape: jobName, required: true },
    roleArn: { shape: roleArn, required: true },
    clientRequestToken: { shape: clientRequestToken },
    modelId: { shape: modelId, required: true },
    inputDataConfig: {
      required: true,
      shape: {
        type: "structure",
        union: true,
        members: {
          s3InputDataConfig: {
            shape: {
              type: "structure",
              members: {
                s3InputFormat: { shape: { type: "string", enum: ["JSONL"] } },
                s3Uri: { shape: s3Uri, required: true },
                s3BucketOwner: { shape: accountId },
              },
            },
          },
        },
      },
    },
    outputDataConfig: {
      required: true,
      shape: {
        type: "structure",
        union: true,
        members: {
          s3OutputDataConfig: {
            shape: {
              type: "structure",
              members: {
                s3Uri: { shape: s3Uri, required: true },
                s3EncryptionKeyId: { shape: kmsKeyId },
                s3BucketOwner: { shape: accountId },
              },
            },
          },
        },
      },
    },
    vpcConfig: { shape: vpcConfig },
    timeoutDurationInHours: { shape: { type: "integer", min: 24, max: 168 } },
    tags: { shape: tagList },
    modelInvocationType: { shape: { type: "string", enum: ["InvokeModel", "Converse"] } },
  },
} as const satisfies StructureShape;

type Input = Static<typeof input>;

const defaultTimeoutHours = 24;
const words = {
  crossAccount: "Cross-account pass role is not allowed.",
  nameInUse: "The provided job name is currently in use.",
  // The end of the sentence is on record (sources#quotas), its beginning is unconfirmed.
  inFlight: "Your account has reached the quota for number of concurrent invoke-model jobs in progress.",
} as const;

/** @throws Refusal `AccessDeniedException` for a role of another account */
function checkRoleAccount(roleArn: string, { world }: Pick<BedrockContext, "world">): void {
  const account = roleArn.split(":")[4];
  if (account !== "" && account !== world.accountId) throw new Refusal("AccessDeniedException", words.crossAccount);
}

const actions = ["bedrock:CreateModelInvocationJob", "bedrock:TagResource", "iam:PassRole"] as const;

/**
 * The right to the model or profile and to jobs (sources#permissions), to tag where there are tags (unconfirmed), and to hand over
 * the role. The order seen: another account's role, then the caller's rights, then the model (sources#permissions).
 */
const rights: Rights<Input, BedrockContext, WireRequest, (typeof actions)[number]> = {
  actions,
  list({ modelId: model, roleArn: role, tags = [] }, context, { region }) {
    checkRoleAccount(role, context);
    const { accountId: account } = context.world;
    const named = model.startsWith("arn:") ? model : makeFoundationArn(region, model);
    const modelArn = findReference(model, region, account, context.profiles)?.arn ?? named;
    const jobs = makeJobArn(region, account, "*");
    const keys = makeTagKeys(tags);
    const action = "bedrock:CreateModelInvocationJob";
    return [
      { action, resource: modelArn, keys },
      { action, resource: jobs, keys },
      ...(tags.length > 0 ? [{ action: "bedrock:TagResource", resource: jobs, keys } as const] : []),
      { action: "iam:PassRole", resource: role, keys: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    ];
  },
};

export const createModelInvocationJob = defineOperation({
  name: "CreateModelInvocationJob",
  wire: { method: "POST", path: "/model-invocation-job" },
  input,
  rights,
  notes: {
    served: "the job is kept and begins its life; an earlier job with the same clientRequestToken is answered again",
    checked:
      "role of the same account, the caller's rights and PassRole where IAM is enforced, model with batch in the Region, job name unused (failed jobs hold theirs), jobs in flight, 50 tags",
    notBuilt: "a VPC has no network here; what it asks of the role is checked where IAM is enforced",
    differs:
      "the same token with other parameters answers the first job, as the SDK documents it; nobody has reported what AWS does",
  },
  async act(given, context, request) {
    const { store, life } = context;
    checkRoleAccount(given.roleArn, context);
    const jobs = [...store.jobs.values()].filter((job) => job.region === request.region);
    const earlier =
      given.clientRequestToken === undefined
        ? undefined
        : jobs.find((job) => job.clientRequestToken === given.clientRequestToken);
    if (earlier !== undefined) return { jobArn: earlier.arn };

    checkTagCount(given.tags ?? []);
    const reference = findReference(given.modelId, request.region, context.world.accountId, context.profiles);
    const problem = findBatchProblem(reference, request.region);
    if (reference === undefined || problem !== undefined) throw new Refusal("ValidationException", problem ?? "");
    checkEnd(reference.model, context.world.clock.nowMs());
    checkModelAccess(context.access, reference.model);
    if (jobs.some((job) => job.name === given.jobName)) throw new Refusal("ConflictException", words.nameInUse);
    checkInFlight(jobs, reference, context, request.region);

    const job = makeJob(given, reference, context, request);
    // No await between the checks and this: two requests at once cannot both pass.
    await store.add(job);
    life.begin(job);
    return { jobArn: job.arn };
  },
});

function checkInFlight(
  jobs: readonly Job[],
  { model }: ModelReference,
  { world, quotas }: BedrockContext,
  region: string,
): void {
  const count = jobs.filter((job) => !isEnd(job.status) && findJobModel(job, world.accountId)?.model === model).length;
  if (count >= quotas.get("jobs-in-flight", model, region))
    throw new Refusal("ServiceQuotaExceededException", words.inFlight);
}

function makeJob(
  given: Input,
  reference: ModelReference,
  { world, store }: BedrockContext,
  { region }: WireRequest,
): Job {
  const id = makeJobId(given, world.random, region, (candidate) =>
    store.jobs.has(makeJobArn(region, world.accountId, candidate)),
  );
  const nowMs = world.clock.nowMs();
  // A union's other members are refused before this, so both are there.
  const { s3InputDataConfig: from, s3OutputDataConfig: to } = { ...given.inputDataConfig, ...given.outputDataConfig };
  if (from === undefined || to === undefined)
    throw new Refusal("ValidationException", "No input or output location was given.");
  return {
    id,
    arn: makeJobArn(region, world.accountId, id),
    name: given.jobName,
    region,
    roleArn: given.roleArn,
    modelArn: reference.arn,
    modelId: reference.id,
    sourceModelArn: reference.source,
    invocationType: given.modelInvocationType ?? "InvokeModel",
    // The owner is filled in with the caller's account where it was not sent (sources#job-list).
    input: { ...from, s3BucketOwner: from.s3BucketOwner ?? world.accountId },
    output: { ...to, s3BucketOwner: to.s3BucketOwner ?? world.accountId },
    vpcConfig: given.vpcConfig,
    timeoutHours: given.timeoutDurationInHours ?? defaultTimeoutHours,
    clientRequestToken: given.clientRequestToken,
    submittedAtMs: nowMs,
    seed: hashText(id),
    tags: mergeTags([], given.tags ?? []),
    status: "Submitted",
    enteredAtMs: nowMs,
    lastModifiedAtMs: nowMs,
    counts: { total: 0, success: 0, error: 0, inputTokens: 0, outputTokens: 0 },
  };
}

function makeJobId(given: Input, random: () => number, region: string, isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = makeLowerId(12, random);
    if (!isTaken(id)) return id;
    // After a restart with the same seed the numbers begin again: the name, which is used once, leads away from them.
    const named = createHash("sha256").update(`${region}\n${given.jobName}`).digest("hex").slice(0, 12);
    if (!isTaken(named)) return named;
  }
}
