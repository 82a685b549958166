import { makeCallerPolicy } from "./caller-policy.ts";
import { makeViaS3Condition } from "./job-statements.ts";
import { listModelArns } from "./model-arns.ts";
import { type AccessScope, findPartition, makePolicy, type Policy, type Statement } from "./policy.ts";

export type { AccessScope, Policy, Statement };
export { makePolicy };

/**
 * Lets Bedrock assume the service role, for jobs of this account and region only.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html, read 2026-11-21
 */
export function makeTrustPolicy({ accountId, region }: Pick<AccessScope, "accountId" | "region">): Policy {
  return makePolicy({
    Sid: "BedrockRunsJobsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: "bedrock.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnEquals: {
        "aws:SourceArn": `arn:${findPartition(region)}:bedrock:${region}:${accountId}:model-invocation-job/*`,
      },
    },
  });
}

/** What a job does with the role: read the input, write the output, and invoke through a profile. */
export function makeRolePolicy(scope: AccessScope): Policy {
  const { accountId, region, bucket, prefix, kmsKeyArn, isPrefixStrict } = scope;
  const s3 = `arn:${findPartition(region)}:s3:::${bucket}`;
  const inAccount = { StringEquals: { "aws:ResourceAccount": accountId } };
  return makePolicy(
    {
      // AWS's page gives the right to list without a prefix, and so does the role of Terraform's acceptance test, which passes
      // (compared 2026-11-30; that role has s3:GetBucketLocation too, which the page has not). Under which prefix Bedrock lists,
      // nobody has reported.
      Sid: "ListTheRuns",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: s3,
      Condition: {
        ...inAccount,
        ...(isPrefixStrict === true ? { StringLikeIfExists: { "s3:prefix": `${prefix}*` } } : {}),
      },
    },
    {
      Sid: "ReadInputWriteOutput",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `${s3}/${prefix}*`,
      Condition: inAccount,
    },
    { Sid: "InvokeTheModel", Effect: "Allow", Action: "bedrock:InvokeModel", Resource: listModelArns(scope) },
    ...(kmsKeyArn === undefined
      ? []
      : [
          // AWS has no page on the key of batch jobs (looked for 2026-11-21): these two are what S3 asks of who reads and writes.
          {
            Sid: "UseTheKey",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: kmsKeyArn,
          } as const,
        ]),
    ...makeVpcStatements(scope),
  );
}

/**
 * What a job in a VPC does with the role: a network interface in the subnets, for itself only.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html, read 2026-11-21
 */
function makeVpcStatements({ accountId, region, vpc }: AccessScope): Statement[] {
  if (vpc === undefined) return [];
  const partition = findPartition(region);
  const ec2 = `arn:${partition}:ec2:${region}:${accountId}`;
  const places = [
    ...vpc.subnetIds.map((id) => `${ec2}:subnet/${id}`),
    ...vpc.securityGroupIds.map((id) => `${ec2}:security-group/${id}`),
  ];
  const jobs = `arn:${partition}:bedrock:${region}:${accountId}:model-invocation-job/*`;
  return [
    {
      Sid: "LookAtTheNetwork",
      Effect: "Allow",
      Action: [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      Resource: "*",
    },
    { Sid: "UseTheSubnets", Effect: "Allow", Action: "ec2:CreateNetworkInterface", Resource: places },
    {
      Sid: "MakeAnInterface",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: `${ec2}:network-interface/*`,
      Condition: {
        StringEquals: { "aws:RequestTag/BedrockManaged": "true" },
        ArnLike: { "aws:RequestTag/BedrockModelInvocationJobArn": jobs },
      },
    },
    {
      Sid: "TagTheInterface",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: `${ec2}:network-interface/*`,
      Condition: { StringEquals: { "ec2:CreateAction": "CreateNetworkInterface" } },
    },
    {
      Sid: "UseAndRemoveTheInterface",
      Effect: "Allow",
      Action: [
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
      ],
      Resource: `${ec2}:network-interface/*`,
      Condition: { StringEquals: { "aws:ResourceTag/BedrockManaged": "true" } },
    },
  ];
}

/** The Sid of the one statement that setup writes into a bucket's policy. */
export const tlsSid = "OnlyOverTls";

/** The bucket takes no unencrypted connection. */
export function makeBucketPolicy({ bucket, region }: Pick<AccessScope, "bucket" | "region">): Policy {
  const s3 = `arn:${findPartition(region)}:s3:::${bucket}`;
  return makePolicy({
    Sid: tlsSid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [s3, `${s3}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/**
 * What a key's own policy has to say where it does not leave the account's access to IAM: the role may use it, and who runs
 * halfprice through S3. That Bedrock uses it through S3 alone is unconfirmed, so the role's use is not narrowed to that.
 * @param callerArn an IAM user or role
 */
export function makeKeyStatements(
  { region, roleArn }: Pick<AccessScope, "region" | "roleArn">,
  callerArn: string,
): Statement[] {
  const use = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" } as const;
  const viaS3 = makeViaS3Condition(region);
  return [
    { Sid: "HalfpriceJobs", Principal: { AWS: roleArn }, ...use },
    { Sid: "HalfpriceFiles", Principal: { AWS: callerArn }, ...use, Condition: viaS3 },
  ];
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
