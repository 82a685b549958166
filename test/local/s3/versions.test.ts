import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, type Served, send, serve } from "../served.ts";

let served: Served;
let dataDir = "";
let s3: S3Client;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "halfprice-versions-"));
  served = await serve({ dataDir, verifySignatures: false });
  s3 = served.s3;
});
afterAll(async () => {
  await served.close();
  await rm(dataDir, { recursive: true, force: true });
});

const setVersioning = (Bucket: string, Status: "Enabled" | "Suspended") =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
async function makeBucket(Bucket: string, status?: "Enabled"): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  if (status !== undefined) await setVersioning(Bucket, status);
  return Bucket;
}
const put = async (Bucket: string, Key: string, Body: string): Promise<string | undefined> =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
async function get(Bucket: string, Key: string, VersionId?: string): Promise<readonly (string | undefined)[]> {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return [await answer.Body?.transformToString(), answer.VersionId];
}
async function list(Bucket: string): Promise<(readonly [string, string | undefined, string, boolean | undefined])[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [
    ...Versions.map((each) => [each.Key ?? "", each.VersionId, "object", each.IsLatest] as const),
    ...DeleteMarkers.map((each) => [each.Key ?? "", each.VersionId, "marker", each.IsLatest] as const),
  ];
}

describe("a bucket with versions", () => {
  it("says whether it has them, and takes only the two words", async () => {
    const Bucket = await makeBucket("says");
    const read = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await read()).toBeUndefined();
    await setVersioning(Bucket, "Enabled");
    expect(await read()).toBe("Enabled");
    await setVersioning(Bucket, "Suspended");
    expect(await read()).toBe("Suspended");
    const none = s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: {} }));
    expect((await refusalOf(none))?.code).toBe("IllegalVersioningConfigurationException");
    const odd = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "On" as "Enabled" } });
    expect((await refusalOf(s3.send(odd)))?.code).toBe("MalformedXML");
  });

  it("keeps what was before, under an id", async () => {
    const Bucket = await makeBucket("keeps");
    expect(await put(Bucket, "a", "zero")).toBeUndefined();
    await setVersioning(Bucket, "Enabled");
    const one = await put(Bucket, "a", "one");
    const two = await put(Bucket, "a", "two");
    expect(one).toMatch(/^[\w.]{32}$/);
    expect(await get(Bucket, "a")).toEqual(["two", two]);
    expect(await get(Bucket, "a", one)).toEqual(["one", one]);
    expect(await get(Bucket, "a", "null")).toEqual(["zero", "null"]);
    expect(await list(Bucket)).toEqual([
      ["a", two, "object", true],
      ["a", one, "object", false],
      ["a", "null", "object", false],
    ]);
    const none = s3.send(new GetObjectCommand({ Bucket, Key: "a", VersionId: "x".repeat(32) }));
    expect(await refusalOf(none)).toEqual({ code: "NoSuchVersion", status: 404 });
    const odd = s3.send(new GetObjectCommand({ Bucket, Key: "a", VersionId: "odd" }));
    expect(await refusalOf(odd)).toEqual({ code: "InvalidArgument", status: 400 });
  });

  it("removes behind a delete marker, and for good by the id", async () => {
    const Bucket = await makeBucket("removes", "Enabled");
    const one = await put(Bucket, "a", "one");
    const { DeleteMarker, VersionId: mark } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(DeleteMarker).toBe(true);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await send(served.local.url, { path: `/${Bucket}/a` })).toMatchObject({
      status: 404,
      headers: { "x-amz-delete-marker": "true", "x-amz-version-id": mark },
    });
    expect(await refusalOf(s3.send(new GetObjectCommand({ Bucket, Key: "a" })))).toEqual({
      code: "NoSuchKey",
      status: 404,
    });
    const named = await s3.send(new HeadObjectCommand({ Bucket, Key: "a", VersionId: mark })).catch((e: unknown) => e);
    expect(named).toMatchObject({ $metadata: { httpStatusCode: 405 } });
    expect(await list(Bucket)).toEqual([
      ["a", one, "object", false],
      ["a", mark, "marker", true],
    ]);
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket })))).toMatchObject({ code: "BucketNotEmpty" });
    const undone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: mark }));
    expect([undone.DeleteMarker, undone.VersionId]).toEqual([true, mark]);
    expect(await get(Bucket, "a")).toEqual(["one", one]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: one }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: one }));
    expect(await list(Bucket)).toEqual([]);
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });

  it("removes many at once, versions and markers among them", async () => {
    const Bucket = await makeBucket("many", "Enabled");
    const one = await put(Bucket, "a", "one");
    await put(Bucket, "b", "b");
    const many = (...Objects: { Key: string; VersionId?: string | undefined }[]) =>
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const { Deleted: [marked] = [] } = await many({ Key: "b" });
    expect(marked).toMatchObject({ Key: "b", DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) });
    const mark = marked?.DeleteMarkerVersionId;
    const { Deleted, Errors } = await many(
      { Key: "a", VersionId: one },
      { Key: "b", VersionId: mark },
      { Key: "b", VersionId: "odd" },
    );
    expect(Deleted).toEqual([
      { Key: "a", VersionId: one },
      { Key: "b", VersionId: mark, DeleteMarker: true, DeleteMarkerVersionId: mark },
    ]);
    expect(Errors).toMatchObject([{ Key: "b", VersionId: "odd", Code: "InvalidArgument" }]);
    expect(await list(Bucket)).toMatchObject([["b", expect.any(String), "object", true]]);
  });

  it("writes the null version where they are suspended, over the one that is there", async () => {
    const Bucket = await makeBucket("suspended", "Enabled");
    const one = await put(Bucket, "a", "one");
    await setVersioning(Bucket, "Suspended");
    expect(await put(Bucket, "a", "two")).toBeUndefined();
    await put(Bucket, "a", "three");
    expect(await get(Bucket, "a")).toEqual(["three", "null"]);
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect([gone.DeleteMarker, gone.VersionId]).toEqual([true, "null"]);
    expect(await list(Bucket)).toEqual([
      ["a", one, "object", false],
      ["a", "null", "marker", true],
    ]);
  });

  it("tags, copies and completes uploads by version", async () => {
    const Bucket = await makeBucket("acts", "Enabled");
    const one = await put(Bucket, "a", "one");
    await put(Bucket, "a", "two");
    const TagSet = [{ Key: "k", Value: "v" }];
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "a", VersionId: one, Tagging: { TagSet } }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a" }))).TagSet).toEqual([]);
    expect(await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a", VersionId: one }))).toMatchObject({
      TagSet,
      VersionId: one,
    });
    const CopySource = `${Bucket}/a?versionId=${one}`;
    const restored = await s3.send(new CopyObjectCommand({ Bucket, Key: "a", CopySource }));
    expect(restored.CopySourceVersionId).toBe(one);
    expect(await get(Bucket, "a")).toEqual(["one", restored.VersionId]);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: "a", UploadId, PartNumber: 1, Body: "in parts" }),
    );
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "a",
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    expect(await get(Bucket, "a")).toEqual(["in parts", done.VersionId]);
    expect(await list(Bucket)).toHaveLength(4);
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const ofMarker = new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a?versionId=${gone.VersionId}` });
    expect((await refusalOf(s3.send(ofMarker)))?.code).toBe("InvalidRequest");
  });

  it("lists in pages that may end within a key, with prefixes rolled up", async () => {
    const Bucket = await makeBucket("pages", "Enabled");
    for (const body of ["1", "2", "3"]) await put(Bucket, "a", body);
    await put(Bucket, "dir/x", "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "dir/y" }));
    await put(Bucket, "z", "z");
    const all = (await list(Bucket)).map(([key, id]) => `${key} ${id}`).sort();
    expect(all).toHaveLength(6);
    for (const MaxKeys of [1, 2, 5]) {
      const seen: string[] = [];
      let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
      for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...marker }));
        for (const each of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
          seen.push(`${each.Key} ${each.VersionId}`);
        if (page.IsTruncated !== true) break;
        marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      }
      expect(seen.sort(), `${MaxKeys} a page`).toEqual(all);
    }
    const rolled = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: "/" }));
    expect([rolled.CommonPrefixes, rolled.Versions?.length]).toEqual([[{ Prefix: "dir/" }], 4]);
  });

  it("has them after a restart, also where its journal was written anew", async () => {
    const Bucket = await makeBucket("restart", "Enabled");
    const one = await put(Bucket, "a", "one");
    await put(Bucket, "a", "two");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await setVersioning(Bucket, "Suspended");
    await put(Bucket, "b", "b");
    const before = await list(Bucket);
    const journal = join(dataDir, "s3", Bucket, "objects.jsonl");
    for (const staleLines of [0, 1500, 0]) {
      await served.close();
      await appendFile(journal, '{"op":"remove","key":"gone"}\n'.repeat(staleLines));
      served = await serve({ dataDir, verifySignatures: false });
      s3 = served.s3;
      expect(await list(Bucket)).toEqual(before);
      expect(await get(Bucket, "a", one)).toEqual(["one", one]);
    }
    expect((await readFile(journal, "utf8")).trim().split("\n")).toHaveLength(before.length);
  });
});
