import { Readable } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import type { S3Call } from "../../../../src/local/s3/call.ts";
import { s3Operations } from "../../../../src/local/s3/operations.ts";
import { openDiskStore } from "../../../../src/local/s3/store/disk-store.ts";
import type { WireRequest } from "../../../../src/local/service.ts";
import { account, makeBench, removeBench } from "../../bench.ts";

const headers = {
  "x-amz-acl": "private",
  "x-amz-tagging": "a=b",
  "x-amz-object-ownership": "ObjectWriter",
};

it("the rights that a call of S3 takes are among those that its operation names, with every header and version", async () => {
  const bench = await makeBench();
  const store = await openDiskStore(bench.world.dataDir, bench.clock);
  onTestFinished(async () => {
    await store.close();
    await removeBench(bench);
  });
  const record = { region: "us-east-1", ownerId: account, createdAtMs: 0, documents: {} };
  await store.createBucket({ name: "bucket", ...record });
  const caller = { accountId: account, arn: "arn:aws:iam::123456789012:user/local", userId: "A", accessKeyId: "A" };
  for (const { name, wire, rights } of s3Operations.operations) {
    const seen = new Set<string>();
    for (const versionId of [undefined, "v1"]) {
      const request: WireRequest = {
        ...{ method: wire.method, path: "/", query: "", headers, requestId: "id", region: "us-east-1", caller },
        body: Readable.from([]),
      };
      const call: S3Call = {
        ...{ request, world: bench.world, store, headers, bucketName: "bucket" },
        key: wire.level === "object" ? "key" : "",
        params: new Map(versionId === undefined ? [] : [["versionId", versionId]]),
      };
      for (const { action } of rights.list(undefined, call, request)) seen.add(action);
    }
    // Of several keys each is asked for by itself.
    expect([...seen].toSorted(), name).toEqual(name === "DeleteObjects" ? [] : [...new Set(rights.actions)].toSorted());
  }
});
