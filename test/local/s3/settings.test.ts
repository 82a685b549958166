import {
  CreateBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Operations } from "../../../src/local/s3/operations.ts";
import { refusalOf, type Served, send, serve } from "../served.ts";

const Bucket = "settings";
let served: Served;
beforeAll(async () => {
  served = await serve({ verifySignatures: false });
  await served.s3.send(new CreateBucketCommand({ Bucket }));
  await served.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
});
afterAll(() => served.close());

const allow = (Principal: unknown, Resource = `arn:aws:s3:::${Bucket}/*`): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource }],
  });
const account = { AWS: "arn:aws:iam::123456789012:root" };

describe("a bucket's policy", () => {
  it("is none at first, is kept as it was put, and removed", async () => {
    const { s3 } = served;
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual({
      code: "NoSuchBucketPolicy",
      status: 404,
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: allow(account) }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(allow(account));
    expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(false);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual({
      code: "NoSuchBucketPolicy",
      status: 404,
    });
  });

  it.each([
    ["no JSON", "{"],
    ["no object", '"text"'],
    ["no statement", '{"Version":"2012-10-17","Statement":[]}'],
    ["no principal", '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'],
    ["no action", '{"Statement":[{"Effect":"Allow","Principal":"*","Resource":"*"}]}'],
    [
      "another service's action",
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"iam:PassRole","Resource":"*"}]}',
    ],
    ["another bucket", allow(account, "arn:aws:s3:::another/*")],
    ["an odd effect", '{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"s3:*","Resource":"*"}]}'],
  ])("with %s is refused", async (_said, Policy) => {
    expect(await refusalOf(served.s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toEqual({
      code: "MalformedPolicy",
      status: 400,
    });
  });

  it("lets everyone in only where public access is not blocked", async () => {
    const Bucket = "opened";
    const { s3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket }));
    const open = () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: allow("*", `arn:aws:s3:::${Bucket}/*`) }));
    expect(await refusalOf(open())).toEqual({ code: "AccessDenied", status: 403 });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await refusalOf(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual({
      code: "NoSuchPublicAccessBlockConfiguration",
      status: 404,
    });
    await open();
    expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true);
  });
});

describe("a bucket's settings", () => {
  it("of encryption are S3's own keys until others are put", async () => {
    const { s3 } = served;
    const read = async () =>
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules?.[0]
        ?.ApplyServerSideEncryptionByDefault;
    expect(await read()).toEqual({ SSEAlgorithm: "AES256" });
    const kms = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:aws:kms:us-east-1:123456789012:key/k" } as const;
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: kms, BucketKeyEnabled: true }],
        },
      }),
    );
    expect(await read()).toEqual(kms);
    await s3.send(new PutObjectCommand({ Bucket, Key: "sealed", Body: "x" }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "sealed" }))).toMatchObject({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: kms.KMSMasterKeyID,
    });
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    expect(await read()).toEqual({ SSEAlgorithm: "AES256" });
  });

  it("of the life cycle are kept, with names for rules that have none", async () => {
    const { s3 } = served;
    const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await refusalOf(get())).toEqual({ code: "NoSuchLifecycleConfiguration", status: 404 });
    const Rules = [
      { ID: "old", Status: "Enabled", Filter: { Prefix: "a/" }, Expiration: { Days: 3 } },
      { Status: "Disabled", Filter: { Prefix: "" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ] as const;
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...Rules] } }),
    );
    const kept = (await get()).Rules;
    expect(kept).toMatchObject([Rules[0], { ...Rules[1], Filter: { Prefix: "" } }]);
    expect(kept?.[1]?.ID).toMatch(/^[0-9a-f-]{36}$/);
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await refusalOf(get())).toEqual({ code: "NoSuchLifecycleConfiguration", status: 404 });
  });

  type Rules = NonNullable<PutBucketLifecycleConfigurationCommandInput["LifecycleConfiguration"]>["Rules"];
  const rule = { Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } } as const;
  const wrongRules: [said: string, rules: Rules, code: string][] = [
    ["no rule", [], "MalformedXML"],
    ["an unknown status", [{ ...rule, Status: "On" as "Enabled" }], "MalformedXML"],
    [
      "two rules of one name",
      [
        { ...rule, ID: "a" },
        { ...rule, ID: "a" },
      ],
      "InvalidArgument",
    ],
    ["a name that is too long", [{ ...rule, ID: "a".repeat(256) }], "InvalidArgument"],
    ["zero days", [{ ...rule, Expiration: { Days: 0 } }], "InvalidArgument"],
    ["nothing to do", [{ Status: "Enabled", Filter: { Prefix: "" } }], "InvalidRequest"],
    ["an hour of the day", [{ ...rule, Expiration: { Date: new Date("2030-01-01T05:00:00Z") } }], "InvalidArgument"],
  ];
  it.each(wrongRules)("of the life cycle with %s are refused", async (_said, rules, code) => {
    const put = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } });
    expect(await refusalOf(served.s3.send(put))).toEqual({ code, status: 400 });
  });

  it("of public access block everything until changed", async () => {
    const { s3 } = served;
    const read = async () =>
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
    expect(await read()).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    expect(await read()).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
  });

  it("of tags, CORS and ownership are kept", async () => {
    const { s3 } = served;
    expect(await refusalOf(s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual({
      code: "NoSuchTagSet",
      status: 404,
    });
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "a b:c/d" }] } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "a", Value: "a b:c/d" }]);
  });

  it.each([
    ["versions", new GetBucketVersioningCommand({ Bucket }), { Status: undefined }],
    ["logging", new GetBucketLoggingCommand({ Bucket }), { LoggingEnabled: undefined }],
    ["acceleration", new GetBucketAccelerateConfigurationCommand({ Bucket }), { Status: undefined }],
    ["payment", new GetBucketRequestPaymentCommand({ Bucket }), { Payer: "BucketOwner" }],
    [
      "ownership",
      new GetBucketOwnershipControlsCommand({ Bucket }),
      { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
    ],
  ])("of %s are those of a new bucket", async (_said, command, answer) => {
    expect(await served.s3.send(command)).toMatchObject(
      Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined)),
    );
  });

  it.each([
    [new GetBucketWebsiteCommand({ Bucket }), "NoSuchWebsiteConfiguration"],
    [new GetBucketReplicationCommand({ Bucket }), "ReplicationConfigurationNotFoundError"],
    [new GetObjectLockConfigurationCommand({ Bucket }), "ObjectLockConfigurationNotFoundError"],
    [new GetBucketCorsCommand({ Bucket }), "NoSuchCORSConfiguration"],
  ])("that were never put answer %o", async (command, code) => {
    expect(await refusalOf(served.s3.send(command))).toEqual({ code, status: 404 });
  });
});

describe("a bucket's CORS", () => {
  it("is kept, and refused with a method that there is none of", async () => {
    const { s3 } = served;
    const put = (AllowedMethods: string[]) =>
      s3.send(
        new PutBucketCorsCommand({
          Bucket,
          CORSConfiguration: { CORSRules: [{ AllowedMethods, AllowedOrigins: ["*"] }] },
        }),
      );
    await put(["GET", "PUT"]);
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([
      { AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["*"] },
    ]);
    expect(await refusalOf(put(["PATCH"]))).toEqual({ code: "InvalidRequest", status: 400 });
    expect(await refusalOf(put([]))).toEqual({ code: "MalformedXML", status: 400 });
  });
});

describe("access control lists", () => {
  it("give the owner full control, and nobody else anything", async () => {
    const { s3 } = served;
    for (const command of [new GetBucketAclCommand({ Bucket }), new GetObjectAclCommand({ Bucket, Key: "k" })]) {
      const { Grants, Owner } = await s3.send(command as GetBucketAclCommand);
      expect(Grants).toMatchObject([{ Permission: "FULL_CONTROL", Grantee: { ID: Owner?.ID, Type: "CanonicalUser" } }]);
    }
    await s3.send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    await s3.send(new PutObjectAclCommand({ Bucket, Key: "k", ACL: "bucket-owner-full-control" }));
  });

  it("are no use where the bucket's owner owns everything", async () => {
    const { s3 } = served;
    const refused = { code: "AccessControlListNotSupported", status: 400 };
    expect(await refusalOf(s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" })))).toEqual(refused);
    expect(await refusalOf(s3.send(new PutObjectAclCommand({ Bucket, Key: "k", ACL: "public-read" })))).toEqual(
      refused,
    );
    expect(await refusalOf(s3.send(new PutObjectCommand({ Bucket, Key: "n", Body: "x", ACL: "public-read" })))).toEqual(
      refused,
    );
    expect(await refusalOf(s3.send(new CreateBucketCommand({ Bucket: "no-acl", ACL: "public-read" })))).toEqual({
      code: "InvalidBucketAclWithObjectOwnership",
      status: 400,
    });
  });

  it("are kept by name elsewhere", async () => {
    const { s3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket: "acl", ACL: "public-read", ObjectOwnership: "ObjectWriter" }));
    const { Grants } = await s3.send(new GetBucketAclCommand({ Bucket: "acl" }));
    expect(Grants?.map(({ Permission }) => Permission)).toEqual(["FULL_CONTROL", "READ"]);
    await s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: "acl",
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      }),
    );
    expect(
      await refusalOf(s3.send(new PutObjectCommand({ Bucket: "acl", Key: "k", Body: "x", ACL: "public-read" }))),
    ).toEqual({ code: "AccessControlListNotSupported", status: 400 });
  });
});

describe("an object's tags", () => {
  it("are put, read and removed, around the same bytes", async () => {
    const { s3 } = served;
    const before = await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "a", Value: "1" }] } }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet).toEqual([
      { Key: "a", Value: "1" },
    ]);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).toMatchObject({
      ETag: before.ETag,
      LastModified: before.LastModified,
      TagCount: 1,
    });
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k" }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet).toEqual([]);
  });

  it.each([
    ["eleven", Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: "" })), "BadRequest"],
    [
      "a key twice",
      [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
      "InvalidTag",
    ],
    ["a long key", [{ Key: "a".repeat(129), Value: "" }], "InvalidTag"],
    ["a long value", [{ Key: "a", Value: "v".repeat(257) }], "InvalidTag"],
    ["an AWS key", [{ Key: "aws:a", Value: "" }], "InvalidTag"],
  ])("cannot be %s", async (_said, TagSet, code) => {
    expect(
      await refusalOf(served.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } }))),
    ).toEqual({ code, status: 400 });
  });

  it("come in a header, too", async () => {
    await served.s3.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "x", Tagging: "a=1&b=x%20y" }));
    expect((await served.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "tagged" }))).TagSet).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "x y" },
    ]);
    expect(
      await refusalOf(served.s3.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "x", Tagging: "a=1&a=2" }))),
    ).toEqual({ code: "InvalidArgument", status: 400 });
  });
});

describe("what is not built", () => {
  it.each(s3Operations.notBuilt.map((operation) => [operation.name, operation] as const))(
    "answers %s by its name",
    async (name, { wire: { method, level, query = [], header } }) => {
      const path = level === "object" ? `/${Bucket}/k` : `/${Bucket}`;
      const answer = await send(served.local.url, {
        method,
        path: `${path}?${query.join("&")}`,
        headers: header === undefined ? {} : { [header]: "x" },
      });
      expect([answer.status, answer.body]).toEqual([
        501,
        expect.stringContaining(`<Code>NotImplemented</Code><Message>The local service does not serve ${name}.`),
      ]);
    },
  );

  it.each([
    ["DELETE", `/${Bucket}?location`],
    ["PUT", `/${Bucket}/k?attributes`],
    ["POST", `/${Bucket}/k`],
    ["PUT", "/"],
    ["PATCH", `/${Bucket}`],
  ])("%s %s is no method of that resource", async (method, path) => {
    const { status, body } = await send(served.local.url, { method, path });
    expect([status, /<Code>(\w+)</.exec(body)?.[1]]).toEqual([405, "MethodNotAllowed"]);
  });

  it("refuses a key of the client's own by the header that asks for it", async () => {
    const SSECustomerKey = Buffer.alloc(32, 1).toString("base64");
    const put = new PutObjectCommand({ Bucket, Key: "k", Body: "x", SSECustomerAlgorithm: "AES256", SSECustomerKey });
    expect(await refusalOf(served.s3.send(put))).toEqual({ code: "NotImplemented", status: 501 });
  });
});
