/** Data: AWS's own managed policies that matter to batch jobs, by name (path and all), as far as their effect here goes. */

const policy = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: string | string[], Resource: string | string[] = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const passedTo = (...services: string[]): object => ({
  Condition: { StringEquals: { "iam:PassedToService": services } },
});

/**
 * Others exist as far as attaching them goes, and allow nothing. Of Bedrock's two the PassRole statements are those of
 * "AWS managed policies for Amazon Bedrock" (sources#permissions); services that are not here are left out.
 */
export const awsManagedPolicies: Readonly<Record<string, string>> = {
  AdministratorAccess: policy(allow("*")),
  PowerUserAccess: policy(
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    allow(["iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"]),
  ),
  ReadOnlyAccess: policy(
    allow(["bedrock:Get*", "bedrock:List*", "cloudwatch:Get*", "cloudwatch:List*", "iam:Get*", "iam:List*"]),
    allow(["s3:Get*", "s3:List*", "servicequotas:Get*", "servicequotas:List*", "sts:GetAccessKeyInfo"]),
  ),
  AmazonBedrockFullAccess: policy(
    allow("bedrock:*"),
    allow("iam:ListRoles"),
    allow("iam:PassRole", "arn:aws:iam::*:role/*AmazonBedrock*", passedTo("bedrock.amazonaws.com")),
    allow(
      "iam:PassRole",
      "arn:aws:iam::*:role/*SageMaker*ForBedrock*",
      passedTo("sagemaker.amazonaws.com", "bedrock.amazonaws.com"),
    ),
  ),
  AmazonBedrockReadOnly: policy(allow(["bedrock:Get*", "bedrock:List*"])),
  AmazonS3FullAccess: policy(allow("s3:*")),
  AmazonS3ReadOnlyAccess: policy(allow(["s3:Get*", "s3:List*", "s3:Describe*"])),
  CloudWatchReadOnlyAccess: policy(allow(["cloudwatch:Get*", "cloudwatch:List*", "cloudwatch:Describe*"])),
  IAMFullAccess: policy(allow("iam:*")),
  IAMReadOnlyAccess: policy(allow(["iam:Get*", "iam:List*", "iam:Simulate*", "iam:Generate*"])),
  ServiceQuotasFullAccess: policy(allow("servicequotas:*")),
  ServiceQuotasReadOnlyAccess: policy(allow(["servicequotas:Get*", "servicequotas:List*"])),
};
