import { listModelArns } from "./model-arns.ts";
import { type AccessScope, findPartition, makePolicy, type Policy } from "./policy.ts";

/**
 * What `halfprice doctor` reads besides what a run needs, so that no check is skipped. It changes nothing and reads no data.
 * @param callerArn the user or role that runs halfprice: its own policies are asked about
 */
export function makeDoctorPolicy(scope: AccessScope, callerArn: string): Policy {
  const { accountId, region, bucket, roleArn, kmsKeyArn } = scope;
  const partition = findPartition(region);
  const isUser = /:user\//.test(callerArn);
  const roles = isUser ? [roleArn] : [...new Set([roleArn, callerArn])];
  return makePolicy(
    {
      Sid: "LookAtTheRoles",
      Effect: "Allow",
      Action: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:SimulatePrincipalPolicy",
      ],
      Resource: roles,
    },
    ...(isUser
      ? [
          {
            Sid: "LookAtItself",
            Effect: "Allow",
            Action: [
              "iam:GetUserPolicy",
              "iam:ListAttachedUserPolicies",
              "iam:ListUserPolicies",
              "iam:SimulatePrincipalPolicy",
            ],
            Resource: callerArn,
          } as const,
        ]
      : []),
    {
      Sid: "ReadAttachedPolicies",
      Effect: "Allow",
      Action: ["iam:GetPolicy", "iam:GetPolicyVersion"],
      Resource: [`arn:${partition}:iam::${accountId}:policy/*`, `arn:${partition}:iam::aws:policy/*`],
    },
    {
      Sid: "ReadTheBucketsSettings",
      Effect: "Allow",
      Action: [
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
      ],
      Resource: `arn:${partition}:s3:::${bucket}`,
    },
    ...(kmsKeyArn === undefined
      ? []
      : [
          {
            Sid: "LookAtTheKey",
            Effect: "Allow",
            Action: ["kms:DescribeKey", "kms:GetKeyPolicy"],
            Resource: kmsKeyArn,
          } as const,
        ]),
    {
      Sid: "LookAtTheModels",
      Effect: "Allow",
      Action: ["bedrock:GetFoundationModel", "bedrock:GetInferenceProfile"],
      Resource: listModelArns(scope),
    },
    {
      // None of these can be given for one resource.
      Sid: "ReadAccessAndRequests",
      Effect: "Allow",
      Action: [
        "bedrock:GetFoundationModelAvailability",
        "bedrock:GetUseCaseForModelAccess",
        "s3:ListAllMyBuckets",
        "servicequotas:ListRequestedServiceQuotaChangeHistory",
      ],
      Resource: "*",
    },
  );
}
