import { getPartition } from "../foundation/partitions.ts";
import { type AccessScope, findPartition, type Statement } from "./policy.ts";

/** The ARN of every job of an account in a region. */
export const nameJobsArn = ({ accountId, region }: Pick<AccessScope, "accountId" | "region">): string =>
  `arn:${findPartition(region)}:bedrock:${region}:${accountId}:model-invocation-job/*`;

/** Looking at jobs, stopping and tagging them. */
export const makeFollowStatement = (scope: Pick<AccessScope, "accountId" | "region">): Statement => ({
  Sid: "FollowJobs",
  Effect: "Allow",
  Action: ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob", "bedrock:TagResource"],
  Resource: nameJobsArn(scope),
});

/** Handing the jobs' role to Bedrock, and to no other service. */
export const makePassRoleStatement = ({ roleArn }: Pick<AccessScope, "roleArn">): Statement => ({
  Sid: "HandTheRoleToBedrock",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: roleArn,
  Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
});

/** Holds where S3 uses a key on somebody's behalf. */
export const makeViaS3Condition = (region: string) => ({
  StringEquals: { "kms:ViaService": `s3.${region}.${getPartition(region).domain}` },
});

/** The key of files in S3, through S3 alone. None where S3's own keys are used. */
export const makeFileKeyStatements = ({ kmsKeyArn, region }: Pick<AccessScope, "kmsKeyArn" | "region">): Statement[] =>
  kmsKeyArn === undefined
    ? []
    : [
        {
          Sid: "UseTheKeyThroughS3",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: kmsKeyArn,
          Condition: makeViaS3Condition(region),
        },
      ];
