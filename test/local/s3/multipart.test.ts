import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, type Served, send, serve } from "../served.ts";

const Bucket = "multipart";
const MiB = 1024 * 1024;
let served: Served;
beforeAll(async () => {
  served = await serve();
  await served.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => served.close());

const open = async (Key: string): Promise<string> =>
  (await served.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? "";
const sendPart = async (
  Key: string,
  UploadId: string,
  PartNumber: number,
  Body: Buffer | string,
): Promise<CompletedPart> => {
  const { ETag } = await served.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { ETag, PartNumber };
};
const complete = (Key: string, UploadId: string, Parts: CompletedPart[]) =>
  served.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
const read = async (Key: string, more: { Range?: string; PartNumber?: number } = {}): Promise<Buffer> =>
  Buffer.from(
    (await (await served.s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToByteArray()) ?? [],
  );
const tagOf = (parts: Buffer[]): string =>
  `"${createHash("md5")
    .update(Buffer.concat(parts.map((part) => createHash("md5").update(part).digest())))
    .digest("hex")}-${parts.length}"`;

describe("an upload in parts", () => {
  it("becomes one object when it is completed, and nothing before", async () => {
    const bodies = [randomBytes(5 * MiB), randomBytes(5 * MiB), Buffer.from("tail")];
    const id = await open("whole");
    // Sent in another order than they are put together.
    const parts = await Promise.all(bodies.map((body, index) => sendPart("whole", id, index + 1, body)).reverse());
    expect(await refusalOf(read("whole"))).toEqual({ code: "NoSuchKey", status: 404 });
    const done = await complete("whole", id, parts.reverse());
    expect(done).toMatchObject({ ETag: tagOf(bodies), Bucket, Key: "whole" });
    expect(Buffer.compare(await read("whole"), Buffer.concat(bodies))).toBe(0);
    expect(
      (await read("whole", { Range: `bytes=${5 * MiB - 2}-${5 * MiB + 1}` })).equals(
        Buffer.concat(bodies).subarray(5 * MiB - 2, 5 * MiB + 2),
      ),
    ).toBe(true);
    expect((await read("whole", { PartNumber: 3 })).toString()).toBe("tail");
    const head = await served.s3.send(new HeadObjectCommand({ Bucket, Key: "whole", PartNumber: 2 }));
    expect([head.PartsCount, head.ContentLength, head.$metadata.httpStatusCode]).toEqual([3, 5 * MiB, 206]);
    expect(await refusalOf(read("whole", { PartNumber: 4 }))).toEqual({ code: "InvalidPartNumber", status: 416 });
    const { ObjectParts } = await served.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "whole", ObjectAttributes: ["ObjectParts"] }),
    );
    expect(ObjectParts?.TotalPartsCount).toBe(3);
    // A client that lost the answer asks again.
    expect((await complete("whole", id, parts)).ETag).toBe(done.ETag);
  });

  it("takes what lib-storage streams into it", async () => {
    const bytes = randomBytes(12 * MiB + 7);
    const body = Readable.from(
      Array.from({ length: 130 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000)),
    );
    await new Upload({
      client: served.s3,
      params: { Bucket, Key: "streamed", Body: body, Metadata: { a: "b" } },
    }).done();
    expect(Buffer.compare(await read("streamed"), bytes)).toBe(0);
    expect((await served.s3.send(new HeadObjectCommand({ Bucket, Key: "streamed" }))).Metadata).toEqual({ a: "b" });
  });

  it("takes a part again and leaves out those that are not named", async () => {
    const id = await open("again");
    await sendPart("again", id, 1, "first try");
    await sendPart("again", id, 7, "never named");
    const part = await sendPart("again", id, 1, "second try");
    await complete("again", id, [part]);
    expect((await read("again")).toString()).toBe("second try");
  });

  it("refuses parts that are missing, changed, out of order or too small", async () => {
    const id = await open("refused");
    const [one, two] = [await sendPart("refused", id, 1, "small"), await sendPart("refused", id, 2, "last")];
    const refused = (parts: CompletedPart[]) => refusalOf(complete("refused", id, parts));
    expect(await refused([one, { ...two, PartNumber: 3 }])).toEqual({ code: "InvalidPart", status: 400 });
    expect(await refused([{ ...one, ETag: '"0123"' }])).toEqual({ code: "InvalidPart", status: 400 });
    expect(await refused([two, one])).toEqual({ code: "InvalidPartOrder", status: 400 });
    expect(await refused([one, one])).toEqual({ code: "InvalidPartOrder", status: 400 });
    expect(await refused([one, two])).toEqual({ code: "EntityTooSmall", status: 400 });
    expect(await refused([])).toEqual({ code: "MalformedXML", status: 400 });
    expect(await refused([one])).toBeUndefined();
  });

  it.each([0, 10_001, -1])("has no part number %i", async (PartNumber) => {
    const id = await open("numbers");
    expect(await refusalOf(sendPart("numbers", id, PartNumber, "x"))).toEqual({ code: "InvalidArgument", status: 400 });
  });

  it("is gone when it is aborted", async () => {
    const id = await open("aborted");
    const part = await sendPart("aborted", id, 1, "x");
    const abort = () => served.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "aborted", UploadId: id }));
    await abort();
    const list = () => served.s3.send(new ListPartsCommand({ Bucket, Key: "aborted", UploadId: id }));
    for (const call of [abort, () => complete("aborted", id, [part]), () => sendPart("aborted", id, 1, "x"), list]) {
      expect(await refusalOf(call())).toEqual({ code: "NoSuchUpload", status: 404 });
    }
  });

  it("belongs to its key", async () => {
    const id = await open("mine");
    expect(await refusalOf(sendPart("yours", id, 1, "x"))).toEqual({ code: "NoSuchUpload", status: 404 });
  });

  it("takes parts out of other objects", async () => {
    await served.s3.send(new PutObjectCommand({ Bucket, Key: "odd ?versionId", Body: "0123456789" }));
    const id = await open("copied");
    const copy = (CopySourceRange?: string) =>
      served.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: "copied",
          UploadId: id,
          PartNumber: 1,
          CopySource: `${Bucket}/odd%20%3FversionId`,
          CopySourceRange,
        }),
      );
    for (const range of ["bytes=0-10", "bytes=5-4", "bytes=0-", "bytes=-3", "0-2"]) {
      expect(await refusalOf(copy(range))).toEqual({ code: "InvalidArgument", status: 400 });
    }
    const { CopyPartResult } = await copy("bytes=2-5");
    await complete("copied", id, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect((await read("copied")).toString()).toBe("2345");
  });

  it("says what the whole is to be, and what is in the way", async () => {
    const id = await open("sized");
    const { ETag } = await sendPart("sized", id, 1, "12345");
    const sized = (MpuObjectSize: number) =>
      refusalOf(
        served.s3.send(
          new CompleteMultipartUploadCommand({
            Bucket,
            Key: "sized",
            UploadId: id,
            MpuObjectSize,
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
          }),
        ),
      );
    expect(await sized(4)).toEqual({ code: "InvalidRequest", status: 400 });
    expect(await sized(5)).toBeUndefined();
  });

  it("that is completed without a body is told so", async () => {
    const unsigned = await serve({ verifySignatures: false });
    await unsigned.s3.send(new CreateBucketCommand({ Bucket: "bare" }));
    const { status, body } = await send(unsigned.local.url, { method: "POST", path: "/bare/k?uploadId=x" });
    expect([status, body]).toEqual([400, expect.stringContaining("You must specify at least one part")]);
    await unsigned.close();
  });
});

describe("listing", () => {
  it("gives the parts of an upload in pages", async () => {
    const id = await open("parts");
    for (const number of [3, 1, 2]) await sendPart("parts", id, number, "x".repeat(number));
    const page = await served.s3.send(new ListPartsCommand({ Bucket, Key: "parts", UploadId: id, MaxParts: 2 }));
    expect([
      page.IsTruncated,
      page.NextPartNumberMarker,
      page.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
    ]).toEqual([
      true,
      "2",
      [
        [1, 1],
        [2, 2],
      ],
    ]);
    const rest = await served.s3.send(
      new ListPartsCommand({ Bucket, Key: "parts", UploadId: id, PartNumberMarker: page.NextPartNumberMarker }),
    );
    expect([rest.IsTruncated, rest.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([false, [3]]);
  });

  it("gives the uploads of a bucket by key, then by age, in pages", async () => {
    const Bucket = "uploads";
    await served.s3.send(new CreateBucketCommand({ Bucket }));
    const ids: string[] = [];
    for (const Key of ["b", "a", "a", "dir/x", "dir/y"]) {
      ids.push((await served.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? "");
    }
    const all = await served.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(all.Uploads?.map(({ Key }) => Key)).toEqual(["a", "a", "b", "dir/x", "dir/y"]);
    expect(new Set(all.Uploads?.map(({ UploadId }) => UploadId))).toEqual(new Set(ids));
    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (;;) {
      const page = await served.s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1, ...markers }));
      seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
      if (page.IsTruncated !== true) break;
      markers = {
        ...(page.NextKeyMarker && { KeyMarker: page.NextKeyMarker }),
        ...(page.NextUploadIdMarker && { UploadIdMarker: page.NextUploadIdMarker }),
      };
    }
    expect(seen).toEqual(all.Uploads?.map(({ UploadId }) => UploadId));
    const rolled = await served.s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: "/" }));
    expect([rolled.Uploads?.length, rolled.CommonPrefixes?.map(({ Prefix }) => Prefix)]).toEqual([3, ["dir/"]]);
    const after = await served.s3.send(new ListMultipartUploadsCommand({ Bucket, KeyMarker: "a" }));
    expect(after.Uploads?.map(({ Key }) => Key)).toEqual(["b", "dir/x", "dir/y"]);
    // An upload is no object.
    expect((await served.s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  });
});
