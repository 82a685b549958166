import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  account,
  allow,
  type Clients,
  deny,
  type Enforced,
  enforce,
  policy,
  refusal,
  type Statement,
} from "./enforced.ts";

let service: Enforced;
let jane: Clients;
const Bucket = "data";
const janeArn = `arn:aws:iam::${account}:user/jane`;
const set = (...statements: readonly Statement[]) => service.setUser("jane", ...statements);
const get = (Key: string, clients = jane) => clients.s3.send(new GetObjectCommand({ Bucket, Key }));
const bucketPolicy = (...statements: readonly Statement[]) =>
  service.admin.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(...statements) }));

beforeAll(async () => {
  service = await enforce();
  jane = await service.makeUser("jane");
  await service.admin.s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of ["in/a", "in/b", "out/x"])
    await service.admin.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => service.close());

describe("a read", () => {
  it("is refused in S3's words, the ARN in quotation marks", async () => {
    await set(deny("iam:*"));
    expect(await refusal(get("in/a"))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `User: ${janeArn} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::data/in/a" because no identity-based policy allows the s3:GetObject action`,
    });
  });

  it("goes as far as the prefix that is allowed", async () => {
    await set(allow("s3:GetObject", "arn:aws:s3:::data/in/*"));
    expect(await (await get("in/a")).Body?.transformToString()).toBe("in/a");
    expect((await refusal(get("out/x"))).status).toBe(403);
  });

  it("of a key that is not there tells so only those who may list", async () => {
    await set(allow("s3:GetObject", "arn:aws:s3:::data/*"));
    expect(await refusal(get("in/none"))).toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining('s3:ListBucket on resource: "arn:aws:s3:::data" because') as string,
    });
    expect((await refusal(jane.s3.send(new HeadObjectCommand({ Bucket, Key: "in/none" })))).status).toBe(403);
    await set(allow("s3:GetObject", "arn:aws:s3:::data/*"), allow("s3:ListBucket", "arn:aws:s3:::data"));
    expect((await refusal(get("in/none"))).name).toBe("NoSuchKey");
    expect((await refusal(jane.s3.send(new HeadObjectCommand({ Bucket, Key: "in/none" })))).status).toBe(404);
  });

  it("of a bucket that is not there says so to everybody", async () => {
    expect((await refusal(jane.s3.send(new GetObjectCommand({ Bucket: "nowhere", Key: "k" })))).name).toBe(
      "NoSuchBucket",
    );
  });
});

describe("a listing", () => {
  it("goes as far as s3:prefix says", async () => {
    await set(
      allow("s3:ListBucket", "arn:aws:s3:::data", { Condition: { StringLike: { "s3:prefix": ["in", "in/*"] } } }),
    );
    const list = (Prefix?: string) => jane.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect((await list("in/")).KeyCount).toBe(2);
    expect((await refusal(list("out/"))).status).toBe(403);
    expect((await refusal(list())).status).toBe(403);
    expect((await refusal(jane.s3.send(new HeadBucketCommand({ Bucket })))).status).toBe(403);
  });
});

describe("a write", () => {
  it("of parts takes the right to put, one with tags a further right", async () => {
    await set(allow("s3:PutObject", "arn:aws:s3:::data/up/*"));
    const start = (more: object = {}) =>
      jane.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "up/x", ...more }));
    expect((await start()).UploadId).toBeDefined();
    expect((await refusal(start({ Tagging: "a=b" }))).message).toContain("s3:PutObjectTagging on resource");
  });

  it("may be bound to a header", async () => {
    const Condition = { StringEquals: { "s3:x-amz-server-side-encryption": "AES256" } };
    await set(allow("s3:PutObject", "arn:aws:s3:::data/*", { Condition }));
    const put = (more: object = {}) =>
      jane.s3.send(new PutObjectCommand({ Bucket, Key: "sealed", Body: "x", ...more }));
    expect((await refusal(put())).status).toBe(403);
    expect((await put({ ServerSideEncryption: "AES256" })).ETag).toBeDefined();
  });

  it("by copying takes the right to read, too", async () => {
    await set(allow("s3:PutObject", "arn:aws:s3:::data/copy"));
    const copy = () => jane.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "data/in/a" }));
    expect((await refusal(copy())).message).toContain('s3:GetObject on resource: "arn:aws:s3:::data/in/a"');
    await set(allow("s3:PutObject", "arn:aws:s3:::data/copy"), allow("s3:GetObject", "arn:aws:s3:::data/in/*"));
    expect((await copy()).CopyObjectResult?.ETag).toBeDefined();
  });

  it("of nothing: several keys are deleted each by its own right", async () => {
    await service.admin.s3.send(new PutObjectCommand({ Bucket, Key: "mine/1", Body: "x" }));
    await set(allow("s3:DeleteObject", "arn:aws:s3:::data/mine/*"));
    const Delete = { Objects: [{ Key: "mine/1" }, { Key: "in/a" }] };
    const { Deleted, Errors } = await jane.s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Deleted).toEqual([{ Key: "mine/1" }]);
    expect(Errors).toMatchObject([{ Key: "in/a", Code: "AccessDenied" }]);
  });

  it("of a bucket is a right of its own", async () => {
    await set(allow("s3:CreateBucket", "arn:aws:s3:::jane-*"));
    const create = (name: string) => jane.s3.send(new CreateBucketCommand({ Bucket: name }));
    expect((await create("jane-1")).Location).toBeDefined();
    expect((await refusal(create("joe-1"))).message).toContain("s3:CreateBucket");
  });
});

describe("a bucket's policy", () => {
  it("lets a user in who has no right, and keeps one out who has", async () => {
    await set(deny("iam:*"));
    await bucketPolicy(allow("s3:GetObject", "arn:aws:s3:::data/in/*", { Principal: { AWS: janeArn } }));
    expect((await get("in/a")).ETag).toBeDefined();
    await set(allow("s3:*"));
    await bucketPolicy(deny("s3:*", "arn:aws:s3:::data/in/*", { Principal: "*" }));
    expect((await refusal(get("in/a"))).message).toMatch(/ with an explicit deny in a resource-based policy$/);
    expect((await get("out/x")).ETag).toBeDefined();
  });

  it("that takes nothing but TLS takes loopback for it", async () => {
    const Condition = { Bool: { "aws:SecureTransport": "false" } };
    await bucketPolicy(deny("s3:*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"], { Principal: "*", Condition }));
    expect((await get("in/a")).ETag).toBeDefined();
  });

  it("that keeps everybody out can be taken away by the administrator", async () => {
    await bucketPolicy(deny("s3:*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"], { Principal: "*" }));
    expect((await refusal(get("in/a", service.admin))).status).toBe(403);
    await service.admin.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect((await get("in/a", service.admin)).ETag).toBeDefined();
  });
});

it("an operation whose name is not its right's asks for the right", async () => {
  const ask = () => jane.s3.send(new GetBucketEncryptionCommand({ Bucket }));
  await set(allow("s3:GetBucketEncryption"));
  expect((await refusal(ask())).message).toContain("s3:GetEncryptionConfiguration");
  await set(allow("s3:GetEncryptionConfiguration"));
  expect((await ask()).$metadata.httpStatusCode).toBe(200);
});
