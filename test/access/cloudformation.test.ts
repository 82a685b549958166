/** The template of setup, applied by what it says to the enforcing local service. */

import { join } from "node:path";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Template, TemplateResource } from "../../src/access/cloudformation.ts";
import { startLocal } from "../../src/local/index.ts";
import { makeSetupTemplate } from "../../src/setup/make-setup.ts";
import { makeSession } from "../../src/workspace/session.ts";
import { makeFolder } from "../support/folder.ts";
import { writeTexts } from "../support/local-run.ts";
import { runToEnd } from "../support/run-to-end.ts";

type Properties = Readonly<Record<string, never>>;

interface Stack {
  readonly s3: S3Client;
  readonly iam: IAMClient;
  /** What `Ref` and `Fn::GetAtt` of a resource give. */
  readonly made: Map<string, string>;
}

/** What CloudFormation does with each type of the template, and with no other property than these. */
const appliers: Readonly<Record<string, (properties: Properties, stack: Stack) => Promise<string>>> = {
  async "AWS::S3::Bucket"(properties, { s3 }) {
    const { BucketName: Bucket, PublicAccessBlockConfiguration, BucketEncryption, LifecycleConfiguration } = properties;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    const { ServerSideEncryptionConfiguration: sealed } = BucketEncryption as unknown as Record<
      string,
      Record<string, never>[]
    >;
    const Rules = (sealed ?? []).map(({ ServerSideEncryptionByDefault: byDefault, ...rest }) => ({
      ...rest,
      ...(byDefault === undefined ? {} : { ApplyServerSideEncryptionByDefault: byDefault }),
    }));
    const ServerSideEncryptionConfiguration = { Rules };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
    const { Rules: rules } = LifecycleConfiguration as unknown as { Rules: Record<string, never>[] };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: rules.map(({ Id: ID, Prefix, ExpirationInDays: Days, Status, ...rest }) => ({
            ID,
            Status,
            Filter: { Prefix },
            Expiration: { Days },
            ...rest,
          })),
        },
      }),
    );
    return Bucket ?? "";
  },
  async "AWS::S3::BucketPolicy"({ Bucket: reference, PolicyDocument }, { s3, made }) {
    const { Ref } = reference as unknown as { Ref: string };
    await s3.send(new PutBucketPolicyCommand({ Bucket: made.get(Ref), Policy: JSON.stringify(PolicyDocument) }));
    return "";
  },
  async "AWS::IAM::Role"({ RoleName, AssumeRolePolicyDocument: trust, Policies }, { iam }) {
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    for (const { PolicyName, PolicyDocument } of Policies as unknown as Record<string, never>[]) {
      const document = JSON.stringify(PolicyDocument);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document }));
    }
    return Role?.Arn ?? "";
  },
  async "AWS::IAM::ManagedPolicy"({ PolicyDocument, Users }, { iam }) {
    const document = { PolicyName: "stack-CallerPolicy", PolicyDocument: JSON.stringify(PolicyDocument) };
    const { Policy } = await iam.send(new CreatePolicyCommand(document));
    for (const UserName of Users as unknown as string[])
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy?.Arn }));
    return Policy?.Arn ?? "";
  },
};

const known: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": ["BucketName", "PublicAccessBlockConfiguration", "BucketEncryption", "LifecycleConfiguration"],
  "AWS::S3::BucketPolicy": ["Bucket", "PolicyDocument"],
  "AWS::IAM::Role": ["RoleName", "Description", "AssumeRolePolicyDocument", "Policies"],
  "AWS::IAM::ManagedPolicy": ["Description", "PolicyDocument", "Users"],
};

async function apply(template: Template, stack: Stack): Promise<void> {
  for (const [name, { Type, Properties }] of Object.entries<TemplateResource>(template.Resources)) {
    expect(Object.keys(Properties).filter((each) => known[Type]?.includes(each) !== true)).toEqual([]);
    stack.made.set(name, (await appliers[Type]?.(Properties as Properties, stack)) ?? "");
  }
}

describe("the template of setup", () => {
  it("makes a place in which its caller can run", async () => {
    const folder = makeFolder();
    const server = await startLocal({ speed: 6000, seed: 1, enforceIam: true });
    onTestFinished(() => server.close());
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = { endpoint: server.url, region: server.region, credentials };
    const stack: Stack = { s3: new S3Client(client), iam: new IAMClient(client), made: new Map() };
    onTestFinished(() => {
      stack.s3.destroy();
      stack.iam.destroy();
    });
    await stack.iam.send(new CreateUserCommand({ UserName: "ann" }));
    const { AccessKey } = await stack.iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
    const config = {
      workspace: join(folder, ".halfprice"),
      ...{ region: server.region, profile: undefined, endpointUrl: undefined, prefix: "halfprice/" },
    };
    const connection = { region: server.region, endpointUrl: server.url };
    const hooks = { connection: { ...connection, dummyCredentials: credentials }, sleep: () => Promise.resolve() };
    const request = { models: ["claude-haiku-4.5"], expireDays: 30, caller: "arn:aws:iam::123456789012:user/ann" };
    const empty = makeSession({ ...config, bucket: undefined, roleArn: undefined }, hooks);
    const template = JSON.parse(JSON.stringify(await makeSetupTemplate(empty, request))) as Template;
    await apply(template, stack);

    const place = { bucket: stack.made.get("Bucket"), roleArn: stack.made.get("ServiceRole") };
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
    const own = { ...hooks, connection: { ...connection, dummyCredentials: { accessKeyId, secretAccessKey } } };
    const input = { first: writeTexts(folder, 120), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const { summary } = await runToEnd(makeSession({ ...config, ...place }, own), input);
    expect(summary.outcomeCounts).toMatchObject({ answered: 120 });
  });
});
