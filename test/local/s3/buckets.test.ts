import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, type Served, serve } from "../served.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

describe("a bucket", () => {
  it("is made, seen, listed and removed", async () => {
    const { s3 } = served;
    const made = await s3.send(new CreateBucketCommand({ Bucket: "life" }));
    expect(made.Location).toBe("/life");
    const head = await s3.send(new HeadBucketCommand({ Bucket: "life" }));
    expect(head.BucketRegion).toBe("us-east-1");
    const { Buckets = [], Owner } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain("life");
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    await s3.send(new DeleteBucketCommand({ Bucket: "life" }));
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket: "life" })))).toEqual({
      code: "NotFound",
      status: 404,
    });
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket: "life" })))).toEqual({
      code: "NoSuchBucket",
      status: 404,
    });
  });

  it("may be made again in us-east-1, and nowhere else", async () => {
    const { s3, openS3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket: "twice" }));
    await s3.send(new PutObjectCommand({ Bucket: "twice", Key: "kept", Body: "x" }));
    await s3.send(new CreateBucketCommand({ Bucket: "twice" }));
    const west = openS3({ region: "us-west-2" });
    await west.send(new CreateBucketCommand({ Bucket: "twice-west" }));
    expect(await refusalOf(west.send(new CreateBucketCommand({ Bucket: "twice-west" })))).toEqual({
      code: "BucketAlreadyOwnedByYou",
      status: 409,
    });
  });

  it("is not removed while an object is in it", async () => {
    const { s3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket: "full" }));
    await s3.send(new PutObjectCommand({ Bucket: "full", Key: "a", Body: "x" }));
    expect(await refusalOf(s3.send(new DeleteBucketCommand({ Bucket: "full" })))).toEqual({
      code: "BucketNotEmpty",
      status: 409,
    });
  });

  it.each([
    "ab",
    "Upper",
    "a".repeat(64),
    "under_score",
    "-start",
    "end-",
    "two..dots",
    "192.168.5.4",
    "xn--name",
    "name-s3alias",
  ])("cannot be called %s", async (Bucket) => {
    expect(await refusalOf(served.s3.send(new CreateBucketCommand({ Bucket })))).toEqual({
      code: "InvalidBucketName",
      status: 400,
    });
  });

  it.each(["abc", "a.b-c.1", "1start", "a".repeat(63)])("may be called %s", async (Bucket) => {
    await served.s3.send(new CreateBucketCommand({ Bucket }));
    await served.s3.send(new DeleteBucketCommand({ Bucket }));
  });

  it("of another region sends its caller there", async () => {
    const { s3, openS3 } = served;
    const west = openS3({ region: "us-west-2" });
    await west.send(new CreateBucketCommand({ Bucket: "western" }));
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "western" }))).LocationConstraint).toBe("us-west-2");
    const wrong = s3.send(new PutObjectCommand({ Bucket: "western", Key: "k", Body: "x" }));
    const error = await wrong.catch(
      (thrown: unknown) => thrown as { name: string; $response?: { headers: Record<string, string> } },
    );
    expect(error).toMatchObject({
      name: "PermanentRedirect",
      $response: { headers: { "x-amz-bucket-region": "us-west-2" } },
    });
    const following = openS3({ followRegionRedirects: true });
    await following.send(new PutObjectCommand({ Bucket: "western", Key: "k", Body: "x" }));
  });

  it("has no location where it lies in us-east-1, and cannot be made in a region by another one's endpoint", async () => {
    const { s3, openS3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket: "eastern" }));
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "eastern" }))).LocationConstraint).toBeUndefined();
    const crossed = openS3({ region: "eu-central-1" }).send(
      new CreateBucketCommand({ Bucket: "crossed", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    expect(await refusalOf(crossed)).toEqual({ code: "IllegalLocationConstraintException", status: 400 });
  });

  it("answers only to its owner's account where one is named", async () => {
    const { s3 } = served;
    await s3.send(new CreateBucketCommand({ Bucket: "owned" }));
    await s3.send(new HeadBucketCommand({ Bucket: "owned", ExpectedBucketOwner: served.local.accountId }));
    const other = s3.send(new GetBucketLocationCommand({ Bucket: "owned", ExpectedBucketOwner: "111122223333" }));
    expect(await refusalOf(other)).toEqual({ code: "AccessDenied", status: 403 });
  });

  it("is listed in pages, by prefix and by region", async () => {
    const { s3 } = served;
    for (const name of ["page-a", "page-b", "page-c"]) await s3.send(new CreateBucketCommand({ Bucket: name }));
    const first = await s3.send(new ListBucketsCommand({ Prefix: "page-", MaxBuckets: 2 }));
    expect(first.Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion])).toEqual([
      ["page-a", "us-east-1"],
      ["page-b", "us-east-1"],
    ]);
    const second = await s3.send(
      new ListBucketsCommand({ Prefix: "page-", MaxBuckets: 2, ContinuationToken: first.ContinuationToken }),
    );
    expect(second.Buckets?.map(({ Name }) => Name)).toEqual(["page-c"]);
    expect(second.ContinuationToken).toBeUndefined();
    expect((await s3.send(new ListBucketsCommand({ BucketRegion: "ap-south-1" }))).Buckets ?? []).toEqual([]);
  });
});
