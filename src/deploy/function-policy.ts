import {
  makeFileKeyStatements,
  makeFollowStatement,
  makePassRoleStatement,
  nameJobsArn,
} from "../access/job-statements.ts";
import { listModelArns } from "../access/model-arns.ts";
import { type AccessScope, findPartition, makePolicy, type Policy, type Statement } from "../access/policy.ts";

/** What the function's policies are written for. */
export interface FunctionScope extends AccessScope {
  /** The function's name, which its log and queue have too. */
  readonly name: string;
  readonly workspace: { readonly bucket: string; readonly prefix: string };
}

/** Lets Lambda run the function with its role. */
export function makeFunctionTrust(): Policy {
  return makePolicy({
    Sid: "LambdaRunsTheFunction",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  });
}

/** ARNs of what belongs to the function. */
export function nameFunctionArns({ accountId, region, name }: Pick<FunctionScope, "accountId" | "region" | "name">) {
  const partition = findPartition(region);
  return {
    logGroup: `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${name}`,
    queue: `arn:${partition}:sqs:${region}:${accountId}:${name}-failed`,
  };
}

/** Which objects of a bucket a role may list, read and write. */
function makeFileStatements(name: string, bucketArn: string, prefix: string, actions: readonly string[]): Statement[] {
  return [
    {
      // Without this right a missing object looks like a denied one; a look at one object names no prefix.
      Sid: `List${name}`,
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: { StringLikeIfExists: { "s3:prefix": `${prefix}*` } },
    },
    { Sid: `ReadAndWrite${name}`, Effect: "Allow", Action: actions, Resource: `${bucketArn}/${prefix}*` },
  ];
}

/**
 * What a pass takes, and nothing else: it reads and writes the workspace, makes inputs of jobs, makes jobs, looks at them and stops them, and asks
 * on demand what has to be there in time. It reads no answers of jobs, removes nothing, and changes no right.
 */
export function makeFunctionPolicy(scope: FunctionScope): Policy {
  const { region, bucket, prefix, workspace } = scope;
  const partition = findPartition(region);
  const toBucket = (name: string): string => `arn:${partition}:s3:::${name}`;
  const jobs = nameJobsArn(scope);
  const models = listModelArns(scope);
  const { logGroup, queue } = nameFunctionArns(scope);
  const isOnePlace = workspace.bucket === bucket && workspace.prefix === prefix;
  const moved = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"];
  return makePolicy(
    ...makeFileStatements(
      "TheWorkspace",
      toBucket(workspace.bucket),
      workspace.prefix,
      isOnePlace ? moved : ["s3:GetObject", "s3:PutObject"],
    ),
    ...(isOnePlace ? [] : makeFileStatements("TheFilesOfJobs", toBucket(bucket), prefix, moved)),
    {
      Sid: "MakeJobs",
      Effect: "Allow",
      Action: "bedrock:CreateModelInvocationJob",
      Resource: [jobs, ...models],
    },
    makeFollowStatement(scope),
    // It cannot be given for one resource ("Actions, resources, and condition keys", read 2026-11-21).
    { Sid: "ListJobs", Effect: "Allow", Action: "bedrock:ListModelInvocationJobs", Resource: "*" },
    { Sid: "AskInTime", Effect: "Allow", Action: "bedrock:InvokeModel", Resource: models },
    makePassRoleStatement(scope),
    ...makeFileKeyStatements(scope),
    {
      Sid: "WriteTheLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroup}:*`,
    },
    { Sid: "KeepWhatFailed", Effect: "Allow", Action: "sqs:SendMessage", Resource: queue },
  );
}
