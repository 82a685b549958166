import { BedrockClient, ListFoundationModelsCommand, ListInferenceProfilesCommand } from "@aws-sdk/client-bedrock";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListServiceQuotasCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it, onTestFinished } from "vitest";
import { startLocal } from "../../src/local/index.ts";

it("ARNs have the partition of the region, and policies are read with it", async () => {
  const region = "us-gov-west-1";
  const server = await startLocal({ region, seed: 1, enforceIam: true });
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: server.env.AWS_ACCESS_KEY_ID, secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY };
  const config = { region, endpoint: server.url, credentials };
  const [s3, iam, sts] = [new S3Client(config), new IAMClient(config), new STSClient(config)];
  const [bedrock, quotas] = [new BedrockClient(config), new ServiceQuotasClient(config)];
  onTestFinished(() => [s3, iam, sts, bedrock, quotas].forEach((each) => each.destroy()));

  const me = await sts.send(new GetCallerIdentityCommand({}));
  expect(me.Arn).toBe("arn:aws-us-gov:iam::123456789012:user/local");
  await s3.send(new CreateBucketCommand({ Bucket: "gov", CreateBucketConfiguration: { LocationConstraint: region } }));
  const listed = await s3.send(new ListBucketsCommand({}));
  const { modelSummaries: models = [] } = await bedrock.send(new ListFoundationModelsCommand({}));
  const { inferenceProfileSummaries: profiles = [] } = await bedrock.send(new ListInferenceProfilesCommand({}));
  const { Quotas: rows = [] } = await quotas.send(new ListServiceQuotasCommand({ ServiceCode: "bedrock" }));
  const arns = [
    ...(listed.Buckets ?? []).map(({ BucketArn }) => BucketArn),
    ...models.map(({ modelArn }) => modelArn),
    ...profiles.map(({ inferenceProfileArn }) => inferenceProfileArn),
    ...rows.map(({ QuotaArn }) => QuotaArn),
  ];
  expect([models.length > 0, profiles.length > 0, rows.length > 0]).toEqual([true, true, true]);
  expect(arns.filter((arn) => arn?.startsWith("arn:aws-us-gov:") !== true)).toEqual([]);

  const document = (Statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
  const trust = document({ Effect: "Allow", Principal: { AWS: me.Arn }, Action: "sts:AssumeRole" });
  const made = await iam.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: trust }));
  expect(made.Role?.Arn).toBe("arn:aws-us-gov:iam::123456789012:role/reader");
  await s3.send(new PutObjectCommand({ Bucket: "gov", Key: "a", Body: "x" }));
  const Policy = document({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws-us-gov:s3:::gov/*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "read", PolicyDocument: Policy }));
  const assumed = await sts.send(new AssumeRoleCommand({ RoleArn: made.Role?.Arn, RoleSessionName: "session" }));
  expect(assumed.AssumedRoleUser?.Arn).toBe("arn:aws-us-gov:sts::123456789012:assumed-role/reader/session");
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = assumed.Credentials ?? {};
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const reader = new S3Client({ ...config, credentials: keys });
  onTestFinished(() => reader.destroy());
  expect((await reader.send(new GetObjectCommand({ Bucket: "gov", Key: "a" }))).ContentLength).toBe(1);
});
