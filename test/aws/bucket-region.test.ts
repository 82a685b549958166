import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBucketReader } from "../../src/aws/bucket-reading.ts";
import { openBucketSettings } from "../../src/aws/bucket-settings.ts";
import { openObjectStorage } from "../../src/aws/s3.ts";
import { startLocal } from "../../src/local/index.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { clientOptions, connectionTo } from "../support/local-place.ts";

describe("a bucket of another region", () => {
  it("is named with its region, whichever call meets it", async () => {
    const server = await startLocal({ speed: 6000, seed: 1 });
    onTestFinished(() => server.close());
    const maker = new S3Client({ ...clientOptions(server), region: "eu-west-1", forcePathStyle: true });
    onTestFinished(() => maker.destroy());
    await maker.send(
      new CreateBucketCommand({ Bucket: "far-bucket", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    const connection = connectionTo(server);
    const folder = makeFolder();
    const storage = openObjectStorage(connection);
    const reader = openBucketReader(connection, "far-bucket", "123456789012");
    const settings = openBucketSettings(connection, "123456789012", "us-east-1");
    onTestFinished(() => storage.close());
    onTestFinished(() => reader.close());
    const file = writeFile(folder, "a.jsonl", "{}\n");
    const calls: Record<string, () => Promise<unknown>> = {
      list: () => storage.list("far-bucket", "x/"),
      size: () => storage.findSize("far-bucket", "x"),
      download: () => storage.download("far-bucket", "x", join(folder, "x")),
      remove: () => storage.remove("far-bucket", [{ key: "x" }], "123456789012"),
      policy: () => reader.readPolicy(),
      tryList: () => reader.tryList("x/"),
      encryption: () => settings.find("far-bucket", "encryption"),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await findFailure(call);
      expect([name, error.code, error.message]).toEqual([
        name,
        "BUCKET_REGION",
        "The bucket far-bucket is in eu-west-1; the job would run in us-east-1. They have to be the same.",
      ]);
    }
    expect(file).toContain("a.jsonl");
  });
});
