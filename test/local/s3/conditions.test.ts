import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSteppedClock } from "../../../src/local/clock.ts";
import { refusalOf, type Served, serve } from "../served.ts";

const Bucket = "conditions";
const writtenAtMs = Date.parse("2026-11-21T10:00:00.500Z");
let served: Served;
let etag = "";
beforeAll(async () => {
  served = await serve({ clock: makeSteppedClock(writtenAtMs) });
  await served.s3.send(new CreateBucketCommand({ Bucket }));
  etag = (await served.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }))).ETag ?? "";
});
afterAll(() => served.close());

const before = new Date(writtenAtMs - 5000);
const same = new Date(Math.floor(writtenAtMs / 1000) * 1000);
const after = new Date(writtenAtMs + 5000);
const right = (): string => etag;
const wrong = (): string => '"0123"';

type Conditions = {
  IfMatch?: () => string;
  IfNoneMatch?: () => string;
  IfModifiedSince?: Date;
  IfUnmodifiedSince?: Date;
};
const cases: [said: string, conditions: Conditions, status: number][] = [
  ["If-Match with the tag", { IfMatch: right }, 200],
  ["If-Match with any", { IfMatch: () => "*" }, 200],
  ["If-Match with another tag", { IfMatch: wrong }, 412],
  ["If-Match with a list", { IfMatch: () => `"a", ${etag}` }, 200],
  ["If-None-Match with the tag", { IfNoneMatch: right }, 304],
  ["If-None-Match with another tag", { IfNoneMatch: wrong }, 200],
  ["If-Modified-Since before", { IfModifiedSince: before }, 200],
  ["If-Modified-Since the same second", { IfModifiedSince: same }, 304],
  ["If-Modified-Since after", { IfModifiedSince: after }, 304],
  ["If-Unmodified-Since before", { IfUnmodifiedSince: before }, 412],
  ["If-Unmodified-Since the same second", { IfUnmodifiedSince: same }, 200],
  ["If-Unmodified-Since after", { IfUnmodifiedSince: after }, 200],
  ["a tag that fits over a time that does not", { IfMatch: right, IfUnmodifiedSince: before }, 200],
  ["a tag that fits over a time that would", { IfNoneMatch: right, IfModifiedSince: before }, 304],
  ["another tag over a time that is over", { IfNoneMatch: wrong, IfModifiedSince: after }, 200],
];

describe("reading", () => {
  it.each(cases)("with %s answers as S3 does", async (_said, { IfMatch, IfNoneMatch, ...times }, status) => {
    const input = { Bucket, Key: "k", IfMatch: IfMatch?.(), IfNoneMatch: IfNoneMatch?.(), ...times };
    const outcomes = [new GetObjectCommand(input), new HeadObjectCommand(input)].map((command) =>
      refusalOf(served.s3.send(command)),
    );
    for (const outcome of await Promise.all(outcomes)) expect(outcome?.status ?? 200).toBe(status);
  });
});

describe("writing", () => {
  const put = (Key: string, more: { IfMatch?: string; IfNoneMatch?: string }) =>
    refusalOf(served.s3.send(new PutObjectCommand({ Bucket, Key, Body: "2", ...more })));

  it("only what is not there, by If-None-Match: *", async () => {
    expect(await put("new", { IfNoneMatch: "*" })).toBeUndefined();
    expect(await put("new", { IfNoneMatch: "*" })).toEqual({ code: "PreconditionFailed", status: 412 });
    expect(await put("new", { IfNoneMatch: '"tag"' })).toEqual({ code: "NotImplemented", status: 501 });
  });

  it("only over what is known, by If-Match", async () => {
    const { ETag } = await served.s3.send(new PutObjectCommand({ Bucket, Key: "known", Body: "1" }));
    expect(await put("known", { IfMatch: wrong() })).toEqual({ code: "PreconditionFailed", status: 412 });
    expect(await put("known", { IfMatch: ETag ?? "" })).toBeUndefined();
    expect(await put("unknown", { IfMatch: wrong() })).toEqual({ code: "NoSuchKey", status: 404 });
  });

  it("is won by one of many who write what is not there", async () => {
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => put("raced", { IfNoneMatch: "*" })));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome?.status === 412)).toHaveLength(29);
  });

  it("in parts asks when it is completed", async () => {
    const { UploadId } = await served.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const { ETag } = await served.s3.send(
      new UploadPartCommand({ Bucket, Key: "k", UploadId, PartNumber: 1, Body: "x" }),
    );
    const complete = (more: { IfNoneMatch?: string; IfMatch?: string }) =>
      refusalOf(
        served.s3.send(
          new CompleteMultipartUploadCommand({
            Bucket,
            Key: "k",
            UploadId,
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
            ...more,
          }),
        ),
      );
    expect(await complete({ IfNoneMatch: "*" })).toEqual({ code: "PreconditionFailed", status: 412 });
    expect(await complete({ IfMatch: etag })).toBeUndefined();
  });

  it("removes only what is known, by If-Match", async () => {
    const { ETag } = await served.s3.send(new PutObjectCommand({ Bucket, Key: "doomed", Body: "1" }));
    const remove = (IfMatch: string) =>
      refusalOf(served.s3.send(new DeleteObjectCommand({ Bucket, Key: "doomed", IfMatch })));
    expect(await remove(wrong())).toEqual({ code: "PreconditionFailed", status: 412 });
    expect(await remove(ETag ?? "")).toBeUndefined();
  });
});
