import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, type Served, serve } from "../served.ts";

const Bucket = "objects";
let served: Served;
beforeAll(async () => {
  served = await serve();
  await served.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => served.close());

type PutOptions = Omit<PutObjectCommandInput, "Bucket" | "Key" | "Body">;
const put = (Key: string, Body: NonNullable<PutObjectCommandInput["Body"]>, more: PutOptions = {}) => {
  const length = Body === "" ? { ContentLength: 0 } : {};
  return served.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...length, ...more }));
};
const read = async (Key: string, Range?: string): Promise<Buffer> => {
  const { Body } = await served.s3.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const md5 = (bytes: string | Buffer): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

describe("an object", () => {
  it("comes back as it went in, with its tag and its headers", async () => {
    const more = {
      ContentType: "text/x-odd",
      CacheControl: "max-age=1",
      ContentDisposition: "attachment",
      ContentLanguage: "de",
      ContentEncoding: "gzip",
      Metadata: { one: "1", "two-three": "zwei" },
    };
    const { ETag } = await put("plain", "hello", more);
    expect(ETag).toBe(md5("hello"));
    expect((await read("plain")).toString()).toBe("hello");
    const head = await served.s3.send(new HeadObjectCommand({ Bucket, Key: "plain" }));
    expect(head).toMatchObject({
      ...more,
      ETag,
      ContentLength: 5,
      AcceptRanges: "bytes",
      ServerSideEncryption: "AES256",
    });
  });

  it("has no aws-chunked in its encoding, whatever way it came", async () => {
    const bytes = randomBytes(300_000);
    await put("streamed", Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]), {
      ContentLength: bytes.byteLength,
      ContentEncoding: "br",
    });
    const got = await served.s3.send(new GetObjectCommand({ Bucket, Key: "streamed" }));
    expect(got.ContentEncoding).toBe("br");
    expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), bytes)).toBe(0);
  });

  it("may have any key of up to 1,024 bytes", async () => {
    const keyChar = fc
      .integer({ min: 32, max: 0x10ffff })
      .filter((code) => code < 0xd800 || (code > 0xdfff && code !== 0xfffe && code !== 0xffff));
    const anyKey = fc
      .array(
        fc.oneof(
          fc.constantFrom("/", ".", "..", "%", "+", " ", "a"),
          keyChar.map((code) => String.fromCodePoint(code)),
        ),
        { minLength: 1, maxLength: 40 },
      )
      .map((parts) => parts.join(""))
      .filter((key) => Buffer.byteLength(key) <= 1024);
    await fc.assert(
      fc.asyncProperty(anyKey, async (key) => {
        await put(key, key);
        expect((await read(key)).toString()).toBe(key);
        await served.s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
        expect(await refusalOf(served.s3.send(new HeadObjectCommand({ Bucket, Key: key })))).toEqual({
          code: "NotFound",
          status: 404,
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each(["..", ".", "../../etc/passwd", "a/../b", "a//b", "/a", "a/", "ü".repeat(512), "con", "a\tb", "a\nb"])(
    "may be called %j",
    async (key) => {
      await put(key, `bytes of ${key}`);
      expect((await read(key)).toString()).toBe(`bytes of ${key}`);
      const { Contents } = await served.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: key, EncodingType: "url", MaxKeys: 1 }),
      );
      expect(decodeURIComponent(Contents?.[0]?.Key ?? "")).toBe(key);
    },
  );

  it("cannot have a longer one", async () => {
    expect(await refusalOf(put("x".repeat(1025), ""))).toEqual({ code: "KeyTooLongError", status: 400 });
  });

  it("may be called like the folder of another one", async () => {
    await put("tree", "1");
    await put("tree/leaf", "2");
    await put("tree/leaf/deep", "3");
    expect((await read("tree")).toString() + (await read("tree/leaf")).toString()).toBe("12");
    await served.s3.send(new DeleteObjectCommand({ Bucket, Key: "tree/leaf" }));
    expect((await read("tree/leaf/deep")).toString()).toBe("3");
  });

  it("that is replaced is never seen half", async () => {
    const [odd, even] = [Buffer.alloc(400_000, "a"), Buffer.alloc(400_000, "b")];
    await put("flip", odd);
    const writes = Array.from({ length: 12 }, (_, index) => put("flip", index % 2 === 0 ? even : odd));
    const reads = Array.from({ length: 40 }, async () => new Set((await read("flip")).toString()).size);
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 40 }, () => 1));
    await Promise.all(writes);
  });

  it("that is not there is an error, and removing it is not", async () => {
    expect(await refusalOf(read("nothing"))).toEqual({ code: "NoSuchKey", status: 404 });
    await served.s3.send(new DeleteObjectCommand({ Bucket, Key: "nothing" }));
  });

  it("tells its attributes", async () => {
    const { ETag } = await put("attributes", "12345");
    const told = await served.s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "attributes",
        ObjectAttributes: ["ETag", "ObjectSize", "StorageClass", "Checksum"],
      }),
    );
    expect(told).toMatchObject({ ETag: ETag?.replaceAll('"', ""), ObjectSize: 5, StorageClass: "STANDARD" });
    expect(told.Checksum?.ChecksumCRC32).toBe("y/U6HA==");
  });

  it("cannot have more than 2 KB of metadata, nor a storage class that there is none of", async () => {
    expect(await refusalOf(put("meta", "", { Metadata: { a: "x".repeat(2048) } }))).toEqual({
      code: "MetadataTooLarge",
      status: 400,
    });
    await put("meta", "", { Metadata: { a: "x".repeat(2047) } });
    expect(await refusalOf(put("meta", "", { StorageClass: "SLOW" as "STANDARD" }))).toEqual({
      code: "InvalidStorageClass",
      status: 400,
    });
  });
});

describe("many objects", () => {
  it("are removed at once, each with its own outcome", async () => {
    await put("many/1", "");
    await put("many/2", "");
    const { Deleted, Errors } = await served.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: "many/1" }, { Key: "many/none" }, { Key: "many/2", VersionId: "no-such" }] },
      }),
    );
    expect(Deleted?.map(({ Key }) => Key)).toEqual(["many/1", "many/none"]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([["many/2", "InvalidArgument"]]);
  });

  it("are removed quietly where that is asked", async () => {
    await put("quiet", "");
    const answer = await served.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: [{ Key: "quiet" }] } }),
    );
    expect(answer.Deleted).toBeUndefined();
  });

  it("are at most a thousand in one call", async () => {
    const Objects = Array.from({ length: 1001 }, (_, index) => ({ Key: String(index) }));
    expect(await refusalOf(served.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } })))).toEqual({
      code: "MalformedXML",
      status: 400,
    });
  });
});

describe("a range", () => {
  const text = "testcontent";
  const ranges: [range: string, bytes: string, contentRange: string][] = [
    ["bytes=4-7", "cont", "bytes 4-7/11"],
    ["bytes=0-0", "t", "bytes 0-0/11"],
    ["bytes=4-", "content", "bytes 4-10/11"],
    ["bytes=4-400", "content", "bytes 4-10/11"],
    ["bytes=-7", "content", "bytes 4-10/11"],
    ["bytes=-70", text, "bytes 0-10/11"],
  ];
  it.each(ranges)("%s is %s", async (Range, bytes, contentRange) => {
    await put("range", text);
    const got = await served.s3.send(new GetObjectCommand({ Bucket, Key: "range", Range }));
    expect(await got.Body?.transformToString()).toBe(bytes);
    expect([got.ContentRange, got.$metadata.httpStatusCode, got.ContentLength]).toEqual([
      contentRange,
      206,
      bytes.length,
    ]);
  });

  it.each(["bytes=11-", "bytes=40-50", "bytes=-0"])("%s is none", async (Range) => {
    await put("range", text);
    expect(await refusalOf(read("range", Range))).toEqual({ code: "InvalidRange", status: 416 });
  });

  it.each(["bytes=5-4", "lines=0-1", "bytes=a-b", "bytes=-", "bytes=0-1,3-4"])(
    "%s counts as not asked for",
    async (Range) => {
      await put("range", text);
      expect((await read("range", Range)).toString()).toBe(text);
    },
  );

  it("of an empty object is none", async () => {
    await put("empty", "");
    expect((await read("empty")).byteLength).toBe(0);
    expect(await refusalOf(read("empty", "bytes=0-"))).toEqual({ code: "InvalidRange", status: 416 });
  });
});
