import type { ModelChoice } from "../types.ts";

/** A policy document, as JSON. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string>> | "*";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What the policies are written for. */
export interface AccessScope {
  readonly accountId: string;
  readonly region: string;
  readonly bucket: string;
  /** Keys below it are the runs'; ends with a slash, or is empty. */
  readonly prefix: string;
  readonly roleArn: string;
  /** The model that the role may invoke; without one, every model. */
  readonly model?: Pick<ModelChoice, "invokeId" | "baseId" | "route">;
}

const policy = (...statements: Statement[]): Policy => ({ Version: "2012-10-17", Statement: statements });

/**
 * Lets Bedrock assume the service role, for jobs of this account and region only.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html, read 2026-11-21
 */
export function makeTrustPolicy({ accountId, region }: AccessScope): Policy {
  return policy({
    Sid: "BedrockRunsJobsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: "bedrock.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnEquals: { "aws:SourceArn": `arn:aws:bedrock:${region}:${accountId}:model-invocation-job/*` },
    },
  });
}

/** What a job does with the role: read the input, write the output, and invoke through a profile. */
export function makeRolePolicy(scope: AccessScope): Policy {
  const { accountId, bucket, prefix } = scope;
  const inAccount = { StringEquals: { "aws:ResourceAccount": accountId } };
  return policy(
    {
      Sid: "ListTheRuns",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { ...inAccount, StringLike: { "s3:prefix": `${prefix}*` } },
    },
    {
      Sid: "ReadInputWriteOutput",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `arn:aws:s3:::${bucket}/${prefix}*`,
      Condition: inAccount,
    },
    { Sid: "InvokeTheModel", Effect: "Allow", Action: "bedrock:InvokeModel", Resource: listModelArns(scope) },
  );
}

/** A profile's right needs the profile and the model in every region that it may route to. */
function listModelArns({ accountId, region, model }: AccessScope): readonly string[] {
  if (model === undefined) {
    return ["arn:aws:bedrock:*::foundation-model/*", `arn:aws:bedrock:${region}:${accountId}:inference-profile/*`];
  }
  if (model.invokeId.startsWith("arn:")) return [model.invokeId, "arn:aws:bedrock:*::foundation-model/*"];
  const foundation = `arn:aws:bedrock:${model.route === "region" ? region : "*"}::foundation-model/${model.baseId}`;
  // The global profile asks with an empty region.
  const everywhere = model.route === "global" ? [`arn:aws:bedrock:::foundation-model/${model.baseId}`] : [];
  if (model.route === "region") return [foundation];
  return [`arn:aws:bedrock:${region}:${accountId}:inference-profile/${model.invokeId}`, foundation, ...everywhere];
}

/** The bucket takes no unencrypted connection. */
export function makeBucketPolicy({ bucket }: AccessScope): Policy {
  return policy({
    Sid: "OnlyOverTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/** What the person or notebook that runs halfprice needs. */
export function makeCallerPolicy(scope: AccessScope): Policy {
  const { accountId, region, bucket, prefix, roleArn } = scope;
  return policy(
    {
      Sid: "RunJobs",
      Effect: "Allow",
      Action: [
        "bedrock:CreateModelInvocationJob",
        "bedrock:GetModelInvocationJob",
        "bedrock:StopModelInvocationJob",
        "bedrock:TagResource",
      ],
      Resource: [`arn:aws:bedrock:${region}:${accountId}:model-invocation-job/*`, ...listModelArns(scope)],
    },
    { Sid: "FollowJobs", Effect: "Allow", Action: "bedrock:ListModelInvocationJobs", Resource: "*" },
    { Sid: "TryAFewRows", Effect: "Allow", Action: "bedrock:InvokeModel", Resource: listModelArns(scope) },
    {
      Sid: "HandTheRoleToBedrock",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: roleArn,
      Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
    },
    { Sid: "LookAtTheRole", Effect: "Allow", Action: "iam:GetRole", Resource: roleArn },
    { Sid: "ReadTheLimits", Effect: "Allow", Action: "servicequotas:ListServiceQuotas", Resource: "*" },
    {
      Sid: "MoveTheFiles",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `arn:aws:s3:::${bucket}/${prefix}*`,
    },
    { Sid: "LookIntoTheBucket", Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${bucket}` },
  );
}

/** All four, under the names that they are pasted as. */
export function makePolicies(scope: AccessScope): Readonly<Record<"trust" | "role" | "bucket" | "caller", Policy>> {
  return {
    trust: makeTrustPolicy(scope),
    role: makeRolePolicy(scope),
    bucket: makeBucketPolicy(scope),
    caller: makeCallerPolicy(scope),
  };
}
