/** Keys, who may use them, and what S3 and jobs make of it. */
import { CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callKms, type KmsOperation, makeKmsKey } from "../../support/kms-client.ts";
import { account, allow, type Clients, deny, type Enforced, enforce, policy, refusal } from "../iam/enforced.ts";
import { credentials } from "../served.ts";

const minuteMs = 60_000;
const files = allow(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]);
let service: Enforced;
let keyArn: string;
let user: Clients;
beforeAll(async () => {
  service = await enforce({ seed: 1 });
  keyArn = await makeKmsKey(service.local, credentials);
  await service.admin.s3.send(new CreateBucketCommand({ Bucket: "plain" }));
  user = await service.makeUser("user", files);
});
afterAll(() => service.close());

const kms = (operation: KmsOperation, input: object): Promise<Record<string, unknown>> =>
  callKms(service.local, credentials, operation, input);
const failure = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const sse = (key: string) => ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: key }) as const;
const denied = (action: string, why: string): string =>
  `User: arn:aws:iam::${account}:user/user is not authorized to perform: ${action} on resource: ${keyArn} because no ${why} allows the ${action} action`;

describe("a key", () => {
  it("is made, found by id, alias and ARN, switched off and on, and given up", async () => {
    const id = keyArn.split("/")[1] ?? "";
    await kms("CreateAlias", { AliasName: "alias/mine", TargetKeyId: id });
    for (const KeyId of [id, keyArn, "alias/mine", `arn:aws:kms:us-east-1:${account}:alias/mine`]) {
      const { KeyMetadata } = await kms("DescribeKey", { KeyId });
      expect(KeyMetadata).toMatchObject({ Arn: keyArn, KeyState: "Enabled", KeyManager: "CUSTOMER" });
    }
    expect(await kms("ListAliases", {})).toMatchObject({ Aliases: [{ AliasName: "alias/mine", TargetKeyId: id }] });
    expect(await kms("ListKeys", {})).toMatchObject({ Keys: [{ KeyArn: keyArn }], Truncated: false });
    const other = await makeKmsKey(service.local, credentials);
    expect(await kms("ScheduleKeyDeletion", { KeyId: other, PendingWindowInDays: 7 })).toMatchObject({
      KeyState: "PendingDeletion",
      DeletionDate: new Date(service.local.clock.nowMs() + 7 * 24 * 3600_000),
    });
    expect(await failure(kms("EnableKey", { KeyId: other }))).toMatchObject({
      name: "KMSInvalidStateException",
      message: `${other} is pending deletion.`,
    });
    expect(await failure(kms("DescribeKey", { KeyId: "alias/none" }))).toMatchObject({ name: "NotFoundException" });
    expect(await failure(kms("Encrypt", { KeyId: id }))).toMatchObject({ name: "NotImplementedException" });
  });

  it("has one policy, which may not lock its writer out", async () => {
    const KeyId = await makeKmsKey(service.local, credentials);
    const { Policy } = await kms("GetKeyPolicy", { KeyId });
    expect(JSON.parse(String(Policy))).toMatchObject({
      Statement: [{ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*" }],
    });
    const closed = policy(allow("kms:Decrypt", "*", { Principal: { AWS: `arn:aws:iam::${account}:user/user` } }));
    expect(await failure(kms("PutKeyPolicy", { KeyId, Policy: closed }))).toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
    await kms("PutKeyPolicy", { KeyId, Policy: closed, BypassPolicyLockoutSafetyCheck: true });
    // The administrator is shut out now, for a key's own policy comes first.
    expect(await failure(kms("GetKeyPolicy", { KeyId }))).toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("because no resource-based policy allows the kms:GetKeyPolicy action"),
    });
  });
});

describe("an object under a key", () => {
  const put = (clients: Clients, key = keyArn) =>
    clients.s3.send(new PutObjectCommand({ Bucket: "plain", Key: "a", Body: "x", ...sse(key) }));
  const get = (clients: Clients) => clients.s3.send(new GetObjectCommand({ Bucket: "plain", Key: "a" }));

  it("takes kms:GenerateDataKey of who writes and kms:Decrypt of who reads", async () => {
    await service.setUser("user", files);
    expect(await refusal(put(user))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: denied("kms:GenerateDataKey", "identity-based policy"),
    });
    await service.setUser("user", files, allow("kms:GenerateDataKey", keyArn));
    const { SSEKMSKeyId } = await put(user, "alias/mine");
    expect(SSEKMSKeyId).toBe(keyArn);
    expect((await refusal(get(user))).message).toBe(denied("kms:Decrypt", "identity-based policy"));
    // Its headers are not encrypted.
    await user.s3.send(new HeadObjectCommand({ Bucket: "plain", Key: "a" }));
    const viaS3 = { Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } } };
    await service.setUser("user", files, allow("kms:Decrypt", keyArn, viaS3));
    await get(user);
  });

  it("in parts takes both", async () => {
    await service.setUser("user", files, allow("kms:GenerateDataKey", keyArn));
    const place = { Bucket: "plain", Key: "parts" };
    const { UploadId } = await user.s3.send(new CreateMultipartUploadCommand({ ...place, ...sse(keyArn) }));
    const part = { ...place, UploadId, PartNumber: 1, Body: "x" };
    expect((await refusal(user.s3.send(new UploadPartCommand(part)))).message).toBe(
      denied("kms:Decrypt", "identity-based policy"),
    );
  });

  it("is also decided by the key's own policy, and by it alone where it names the caller", async () => {
    const byName = { Principal: { AWS: `arn:aws:iam::${account}:user/user` } };
    const arn = await makeKmsKey(service.local, credentials, JSON.parse(policy(allow("kms:*", "*", byName))) as object);
    await service.setUser("user", files);
    await put(user, arn);
    const administrator = await refusal(put(service.admin, arn));
    expect(administrator.message).toContain("because no resource-based policy allows the kms:GenerateDataKey action");
    await service.setUser("user", files, deny("kms:*"));
    expect((await refusal(put(user, arn))).message).toContain("with an explicit deny in an identity-based policy");
  });

  it("is refused where the key is not there or switched off", async () => {
    const arn = await makeKmsKey(service.local, credentials);
    await kms("DisableKey", { KeyId: arn });
    expect(await refusal(put(service.admin, arn))).toMatchObject({ name: "KMS.DisabledException", status: 400 });
    const none = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000`;
    expect(await refusal(put(service.admin, none))).toMatchObject({ name: "KMS.NotFoundException", status: 400 });
  });

  it("is one in a bucket that encrypts with it, though nobody says so", async () => {
    await service.admin.s3.send(new CreateBucketCommand({ Bucket: "sealed" }));
    const byDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn } as const;
    const rules = { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] };
    await service.admin.s3.send(
      new PutBucketEncryptionCommand({ Bucket: "sealed", ServerSideEncryptionConfiguration: rules }),
    );
    await service.setUser("user", files);
    const write = () => user.s3.send(new PutObjectCommand({ Bucket: "sealed", Key: "a", Body: "x" }));
    expect((await refusal(write())).message).toBe(denied("kms:GenerateDataKey", "identity-based policy"));
    await service.setUser("user", files, allow("kms:GenerateDataKey", keyArn));
    expect((await write()).SSEKMSKeyId).toBe(keyArn);
  });

  it("may be asked for by a bucket's policy, with one exact key", async () => {
    await service.admin.s3.send(new CreateBucketCommand({ Bucket: "strict" }));
    const wrongKey = {
      Principal: "*",
      Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn } },
    };
    const Policy = policy(deny("s3:PutObject", "arn:aws:s3:::strict/*", wrongKey));
    await service.admin.s3.send(new PutBucketPolicyCommand({ Bucket: "strict", Policy }));
    const write = (more: object) =>
      service.admin.s3.send(new PutObjectCommand({ Bucket: "strict", Key: "a", Body: "x", ...more }));
    expect((await refusal(write({}))).message).toContain("with an explicit deny in a resource-based policy");
    await write(sse(keyArn));
  });
});

describe("a job under a key", () => {
  const model = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
  const trust = allow("sts:AssumeRole", "*", { Principal: { Service: "bedrock.amazonaws.com" } });
  const { Resource: _, ...trusted } = trust;
  const sound = [files, allow("bedrock:InvokeModel")];
  const usingKey = allow(["kms:Decrypt", "kms:GenerateDataKey"]);
  let count = 0;
  const run = async (bucket: string, roleArn: string, s3EncryptionKeyId?: string) => {
    const output = {
      s3Uri: `s3://${bucket}/out/`,
      ...(s3EncryptionKeyId === undefined ? {} : { s3EncryptionKeyId }),
    };
    const { jobArn: jobIdentifier } = await service.admin.bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName: `sealed-${count++}`,
        roleArn,
        modelId: model,
        inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${bucket}/in/a.jsonl` } },
        outputDataConfig: { s3OutputDataConfig: output },
      }),
    );
    service.local.clock.advance(120 * minuteMs);
    await service.local.whenIdle();
    return await service.admin.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
  };
  beforeAll(async () => {
    const line = (index: number): string =>
      JSON.stringify({
        recordId: `rec_${index}`,
        modelInput: {
          anthropic_version: "bedrock-2023-05-31",
          max_tokens: 10,
          messages: [{ role: "user", content: `No. ${index}` }],
        },
      });
    const Body = Array.from({ length: 100 }, (_each, index) => line(index)).join("\n");
    const Key = "in/a.jsonl";
    await service.admin.s3.send(new PutObjectCommand({ Bucket: "strict", Key, Body, ...sse(keyArn) }));
    await service.admin.s3.send(new PutObjectCommand({ Bucket: "plain", Key, Body }));
  });

  it("fails where the role may not open its input", async () => {
    const role = await service.makeRole("no-key", trusted, ...sound);
    expect(await run("strict", role, keyArn)).toMatchObject({
      status: "Failed",
      message: "Could not validate GetObject permissions to access Amazon S3 bucket: strict at key in/a.jsonl",
    });
  });

  it("fails where the role may not seal its output, or the bucket wants another key", async () => {
    const role = await service.makeRole("decrypt-only", trusted, ...sound, allow("kms:Decrypt"));
    const message = (bucket: string): string =>
      `Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: ${bucket} at key out/.write_access_check_file.tmp`;
    expect(await run("plain", role, keyArn)).toMatchObject({ status: "Failed", message: message("plain") });
    const able = await service.makeRole("able", trusted, ...sound, usingKey);
    expect(await run("strict", able)).toMatchObject({ status: "Failed", message: message("strict") });
  });

  it("writes its output under the key", async () => {
    const role = await service.makeRole("with-key", trusted, ...sound, usingKey);
    const { status, jobArn } = await run("strict", role, "alias/mine");
    expect(status).toBe("Completed");
    const folder = `out/${jobArn?.split("/")[1]}`;
    for (const Key of [`${folder}/a.jsonl.out`, `${folder}/manifest.json.out`]) {
      const { SSEKMSKeyId } = await service.admin.s3.send(new HeadObjectCommand({ Bucket: "strict", Key }));
      expect(SSEKMSKeyId).toBe(keyArn);
    }
  });
});
