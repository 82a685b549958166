import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partBytes } from "../../src/aws/objects/upload-parts.ts";
import { openObjectStorage } from "../../src/aws/s3.ts";
import { type Served, serve } from "../local/served.ts";
import { makeFolder } from "../support/folder.ts";

const Bucket = "uploads";
const accountId = "123456789012";
let served: Served;
beforeAll(async () => {
  served = await serve();
  await served.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => served.close());

const dummyCredentials = { accessKeyId: "test", secretAccessKey: "test" };
const storageOf = () => openObjectStorage({ region: "us-east-1", endpointUrl: served.local.url, dummyCredentials });
const read = async (Key: string): Promise<Buffer> => {
  const { Body } = await served.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const open = async (): Promise<number> =>
  (await served.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;

/** A file of three parts and a bit, between bytes that are not to be sent. */
function makeFile(): { path: string; bytes: Buffer; fromByte: number } {
  const bytes = randomBytes(3 * partBytes + 1000);
  const path = join(makeFolder(), "records.jsonl");
  writeFileSync(path, Buffer.concat([Buffer.alloc(777, "a"), bytes, Buffer.alloc(55, "z")]));
  return { path, bytes, fromByte: 777 };
}

describe("an upload", () => {
  it("sends the bytes that were asked, in one piece or in parts, and says how far it is", async () => {
    const storage = storageOf();
    const { path, bytes, fromByte } = makeFile();
    for (const sizeBytes of [1, 500, partBytes, partBytes + 1, bytes.length]) {
      const seen: number[] = [];
      const onProgress = (sentBytes: number): void => void seen.push(sentBytes);
      await storage.upload(path, Bucket, `k${sizeBytes}`, {
        accountId,
        fromByte,
        sizeBytes,
        kmsKey: undefined,
        onProgress,
      });
      expect((await read(`k${sizeBytes}`)).equals(bytes.subarray(0, sizeBytes))).toBe(true);
      expect(seen.at(-1)).toBe(sizeBytes);
      expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    }
    expect(await open()).toBe(0);
    storage.close();
  });

  it("goes on with the whole parts of one that was begun, and sends no other part again", async () => {
    const storage = storageOf();
    const { path, bytes, fromByte } = makeFile();
    const Key = "begun";
    const { UploadId } = await served.s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32" }),
    );
    // Other bytes than the file's tell which parts were taken over; a part of another size is none.
    const marked = Buffer.alloc(partBytes, "m");
    const send = (PartNumber: number, Body: Buffer) =>
      served.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    await send(2, marked);
    await send(3, marked.subarray(0, 6 * 1024 * 1024));
    const seen: number[] = [];
    const onProgress = (sentBytes: number): void => void seen.push(sentBytes);
    await storage.upload(path, Bucket, Key, {
      accountId,
      fromByte,
      sizeBytes: bytes.length,
      kmsKey: undefined,
      onProgress,
    });
    const wanted = Buffer.from(bytes);
    marked.copy(wanted, partBytes);
    expect((await read(Key)).equals(wanted)).toBe(true);
    expect([seen[0], seen.at(-1)]).toEqual([partBytes, bytes.length]);
    expect(await open()).toBe(0);
    storage.close();
  });

  it("leaves its parts for the next try where it fails", async () => {
    const storage = storageOf();
    const { path, bytes, fromByte } = makeFile();
    let stops = true;
    const upload = () =>
      storage.upload(path, Bucket, "failed", {
        accountId,
        fromByte,
        sizeBytes: bytes.length,
        kmsKey: undefined,
        onProgress: (sentBytes) => {
          if (stops && sentBytes > 0) throw new Error("the network went away");
        },
      });
    await expect(upload()).rejects.toThrow("the network went away");
    expect(await open()).toBe(1);
    stops = false;
    await upload();
    expect((await read("failed")).equals(bytes)).toBe(true);
    expect(await open()).toBe(0);
    storage.close();
  });
});
