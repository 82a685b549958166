import { makeFileKeyStatements, makeFollowStatement, makePassRoleStatement, nameJobsArn } from "./job-statements.ts";
import { isApplicationArn, listModelArns } from "./model-arns.ts";
import { type AccessScope, findPartition, makePolicy, type Policy } from "./policy.ts";

/** One text as itself, several as a list without repetitions: inline policies are short. */
function single(texts: readonly string[]): string | readonly string[] {
  const [first = "", ...others] = new Set(texts);
  return others.length === 0 ? first : [first, ...others];
}

/** What the person or notebook that runs halfprice needs, and nothing that it does not call. */
export function makeCallerPolicy(scope: AccessScope): Policy {
  const { region, bucket, prefix, roleArn, workspace } = scope;
  const partition = findPartition(region);
  const places = [{ bucket, prefix }, ...(workspace === undefined ? [] : [workspace])];
  const toBucket = (name: string): string => `arn:${partition}:s3:::${name}`;
  const jobs = nameJobsArn(scope);
  const models = listModelArns(scope);
  const applications = models.filter(isApplicationArn);
  return makePolicy(
    {
      // One statement for both: the models' names, which are long, stand here once.
      Sid: "CreateJobsAndTryRows",
      Effect: "Allow",
      Action: ["bedrock:CreateModelInvocationJob", "bedrock:InvokeModel"],
      Resource: [jobs, ...models],
    },
    makeFollowStatement(scope),
    makePassRoleStatement(scope),
    { Sid: "LookAtTheRole", Effect: "Allow", Action: "iam:GetRole", Resource: roleArn },
    {
      Sid: "MoveTheFiles",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: single(places.map((each) => `${toBucket(each.bucket)}/${each.prefix}*`)),
    },
    {
      // HeadBucket names no prefix, and without this right a missing object looks like a denied one.
      Sid: "LookIntoTheBucket",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"],
      Resource: single(places.map((each) => toBucket(each.bucket))),
      Condition: { StringLikeIfExists: { "s3:prefix": single(places.map((each) => `${each.prefix}*`)) } },
    },
    {
      // None of these can be given for one resource ("Actions, resources, and condition keys", read 2026-11-21).
      Sid: "ReadLimitsPricesAndCounts",
      Effect: "Allow",
      Action: [
        "bedrock:ListFoundationModels",
        "bedrock:ListInferenceProfiles",
        "bedrock:ListModelInvocationJobs",
        "cloudwatch:GetMetricData",
        "pricing:GetProducts",
        "servicequotas:ListServiceQuotas",
      ],
      Resource: "*",
    },
    // Its ARN does not say which model is behind it.
    ...(applications.length === 0
      ? []
      : [
          {
            Sid: "ReadTheProfile",
            Effect: "Allow",
            Action: "bedrock:GetInferenceProfile",
            Resource: applications,
          } as const,
        ]),
    ...makeFileKeyStatements(scope),
  );
}

/**
 * The inline policies of a user have 2,048 characters together, those of a role 10,240; white space is not counted.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, known, not read again
 */
const mostCharacters = { user: 2_048, role: 10_240 } as const;

/**
 * The same policy without its statements' names where only so it fits; undefined where it does not fit at all.
 * @param otherCharacters of the owner's other inline policies, white space not counted
 */
export function fitPolicy(policy: Policy, owner: keyof typeof mostCharacters, otherCharacters = 0): object | undefined {
  const nameless = { ...policy, Statement: policy.Statement.map((statement) => ({ ...statement, Sid: undefined })) };
  return [policy, nameless].find((each) => JSON.stringify(each).length + otherCharacters <= mostCharacters[owner]);
}
