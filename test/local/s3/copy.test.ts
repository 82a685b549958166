import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusalOf, type Served, serve } from "../served.ts";

const Bucket = "copies";
const other = "copies-other";
let served: Served;
let etag = "";
beforeAll(async () => {
  served = await serve();
  for (const name of [Bucket, other]) await served.s3.send(new CreateBucketCommand({ Bucket: name }));
});
afterAll(() => served.close());
beforeEach(async () => {
  const made = new PutObjectCommand({
    Bucket,
    Key: "source",
    Body: "bytes",
    ContentType: "a/b",
    Metadata: { m: "1" },
    Tagging: "t=1&u=2",
    StorageClass: "STANDARD_IA",
  });
  etag = (await served.s3.send(made)).ETag ?? "";
});

const copy = (more: Partial<CopyObjectCommandInput> = {}) =>
  served.s3.send(new CopyObjectCommand({ Bucket, Key: "target", CopySource: `${Bucket}/source`, ...more }));
const head = (Key = "target", name = Bucket) => served.s3.send(new HeadObjectCommand({ Bucket: name, Key }));

describe("a copy", () => {
  it("brings bytes, metadata and tags along, and outlives its source", async () => {
    const { CopyObjectResult } = await copy({ Bucket: other });
    expect(CopyObjectResult).toMatchObject({ ETag: etag, ChecksumType: "FULL_OBJECT" });
    await served.s3.send(new DeleteObjectCommand({ Bucket, Key: "source" }));
    expect(await head("target", other)).toMatchObject({
      ContentType: "a/b",
      Metadata: { m: "1" },
      ETag: etag,
      TagCount: 2,
    });
    expect((await served.s3.send(new GetObjectTaggingCommand({ Bucket: other, Key: "target" }))).TagSet).toEqual([
      { Key: "t", Value: "1" },
      { Key: "u", Value: "2" },
    ]);
    const { Body } = await served.s3.send(new GetObjectCommand({ Bucket: other, Key: "target" }));
    expect(await Body?.transformToString()).toBe("bytes");
  });

  it("has its own storage class, whatever the source's", async () => {
    await copy();
    expect((await head()).StorageClass).toBeUndefined();
    await copy({ StorageClass: "GLACIER_IR" });
    expect((await head()).StorageClass).toBe("GLACIER_IR");
  });

  it("may have other metadata and other tags", async () => {
    await copy({
      MetadataDirective: "REPLACE",
      Metadata: { n: "2" },
      ContentType: "c/d",
      TaggingDirective: "REPLACE",
      Tagging: "v=3",
    });
    expect(await head()).toMatchObject({ ContentType: "c/d", Metadata: { n: "2" }, TagCount: 1 });
    await copy({ Metadata: { ignored: "yes" } });
    expect((await head()).Metadata).toEqual({ m: "1" });
  });

  it("onto itself must change something", async () => {
    expect(await refusalOf(copy({ Key: "source" }))).toEqual({ code: "InvalidRequest", status: 400 });
    await copy({ Key: "source", MetadataDirective: "REPLACE", Metadata: { n: "2" } });
    expect((await head("source")).Metadata).toEqual({ n: "2" });
    const { Body } = await served.s3.send(new GetObjectCommand({ Bucket, Key: "source" }));
    expect(await Body?.transformToString()).toBe("bytes");
  });

  it("of an object in parts is a whole", async () => {
    const { UploadId } = await served.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
    const bodies = [Buffer.alloc(5 * 1024 * 1024, "x"), Buffer.from("y")];
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => ({
        PartNumber: index + 1,
        ETag: (
          await served.s3.send(new UploadPartCommand({ Bucket, Key: "parts", UploadId, PartNumber: index + 1, Body }))
        ).ETag,
      })),
    );
    await served.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
    );
    await copy({ CopySource: `/${Bucket}/parts` });
    expect((await head()).ETag).toBe(`"${createHash("md5").update(Buffer.concat(bodies)).digest("hex")}"`);
  });

  it("may have another checksum", async () => {
    const { CopyObjectResult } = await copy({ ChecksumAlgorithm: "SHA256" });
    expect(CopyObjectResult?.ChecksumSHA256).toBe(createHash("sha256").update("bytes").digest("base64"));
  });

  const refused: [said: string, more: () => Partial<CopyObjectCommandInput>, code: string, status: number][] = [
    ["a source that is not there", () => ({ CopySource: `${Bucket}/none` }), "NoSuchKey", 404],
    ["a bucket that is not there", () => ({ CopySource: "no-such-bucket/source" }), "NoSuchBucket", 404],
    ["a source without a key", () => ({ CopySource: Bucket }), "InvalidArgument", 400],
    ["a source that is not encoded", () => ({ CopySource: `${Bucket}/%zz` }), "InvalidArgument", 400],
    ["a version that is not there", () => ({ CopySource: `${Bucket}/source?versionId=abc` }), "InvalidArgument", 400],
    ["an unknown directive", () => ({ MetadataDirective: "KEEP" as "COPY" }), "InvalidArgument", 400],
    ["another tag asked for", () => ({ CopySourceIfMatch: '"0123"' }), "PreconditionFailed", 412],
    ["the same tag asked not for", () => ({ CopySourceIfNoneMatch: etag }), "PreconditionFailed", 412],
    [
      "a time that it is changed after",
      () => ({ CopySourceIfUnmodifiedSince: new Date(0) }),
      "PreconditionFailed",
      412,
    ],
    [
      "a time that it is not changed after",
      () => ({ CopySourceIfModifiedSince: new Date(Date.now() + 60_000) }),
      "PreconditionFailed",
      412,
    ],
    [
      "a target that is not to be there",
      () => ({ Key: "source", MetadataDirective: "REPLACE", IfNoneMatch: "*" }),
      "PreconditionFailed",
      412,
    ],
    ["an owner that is not the source's", () => ({ ExpectedSourceBucketOwner: "111122223333" }), "AccessDenied", 403],
  ];
  it.each(refused)("is refused for %s", async (_said, more, code, status) => {
    expect(await refusalOf(copy(more()))).toEqual({ code, status });
  });

  it("is made where all its conditions hold", async () => {
    await copy({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: new Date(0) });
    await copy({ CopySourceIfNoneMatch: '"0123"', CopySourceIfModifiedSince: new Date(Date.now() + 60_000) });
  });
});
