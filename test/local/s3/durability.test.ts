import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { credentials, serve } from "../served.ts";
import { spawnLocal } from "../spawned.ts";

let dataDir = "";
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "halfprice-kept-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const read = async (s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

async function countBlobs(bucket: string): Promise<number> {
  const folder = join(dataDir, "s3", bucket, "data");
  const parents = await readdir(folder).catch(() => []);
  return (await Promise.all(parents.map((parent) => readdir(join(folder, parent))))).flat().length;
}

describe("a data directory", () => {
  it("gives everything back after a restart: buckets, objects, settings, uploads", async () => {
    const first = await serve({ dataDir });
    const Bucket = "kept";
    await first.s3.send(new CreateBucketCommand({ Bucket }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "old" }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "new", Metadata: { m: "1" } }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: "gone", Body: "x" }));
    await first.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    await first.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "t", Value: "1" }] } }));
    await first.s3.send(new CreateBucketCommand({ Bucket: "removed" }));
    await first.s3.send(new DeleteBucketCommand({ Bucket: "removed" }));
    const { UploadId } = await first.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
    const { ETag } = await first.s3.send(
      new UploadPartCommand({ Bucket, Key: "parts", UploadId, PartNumber: 1, Body: "part" }),
    );
    await first.close();
    const second = await serve({ dataDir });
    const { Contents } = await second.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["a"]);
    expect(await read(second.s3, Bucket, "a")).toBe("new");
    await second.s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "parts",
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    expect(await read(second.s3, Bucket, "parts")).toBe("part");
    await expect(second.s3.send(new ListObjectsV2Command({ Bucket: "removed" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
    await second.close();
    expect(await countBlobs(Bucket)).toBe(2);
  });

  it("loses nothing but a line that was cut off in the middle", async () => {
    const first = await serve({ dataDir });
    await first.s3.send(new CreateBucketCommand({ Bucket: "torn" }));
    await first.s3.send(new PutObjectCommand({ Bucket: "torn", Key: "whole", Body: "x" }));
    await first.close();
    const journal = join(dataDir, "s3", "torn", "objects.jsonl");
    const before = await readFile(journal, "utf8");
    await appendFile(journal, '{"op":"remove","key":"who');
    const second = await serve({ dataDir });
    expect(await read(second.s3, "torn", "whole")).toBe("x");
    await second.s3.send(new PutObjectCommand({ Bucket: "torn", Key: "next", Body: "y" }));
    await second.close();
    expect((await readFile(journal, "utf8")).startsWith(before)).toBe(true);
    const third = await serve({ dataDir });
    expect(await read(third.s3, "torn", "next")).toBe("y");
    await third.close();
  });

  it("says where a journal is damaged instead of starting without what was in it", async () => {
    const first = await serve({ dataDir });
    await first.s3.send(new CreateBucketCommand({ Bucket: "damaged" }));
    await first.close();
    const journal = join(dataDir, "s3", "damaged", "objects.jsonl");
    await appendFile(journal, "not json\n");
    await expect(serve({ dataDir })).rejects.toThrow(`${journal} is damaged at byte 0`);
  });

  it("keeps no files of what was replaced, removed or broken off, and a short journal", async () => {
    const first = await serve({ dataDir });
    const Bucket = "swept";
    await first.s3.send(new CreateBucketCommand({ Bucket }));
    for (let round = 0; round < 30; round += 1) {
      await first.s3.send(new PutObjectCommand({ Bucket, Key: `k${round % 3}`, Body: String(round) }));
    }
    await first.close();
    expect(await countBlobs(Bucket)).toBe(3);
    const orphan = join(dataDir, "s3", Bucket, "data", "zz");
    await mkdir(orphan, { recursive: true });
    await writeFile(join(orphan, "0123456789-000000zz"), "left by a crash");
    const journal = join(dataDir, "s3", Bucket, "objects.jsonl");
    await appendFile(journal, `${JSON.stringify({ op: "remove", key: "long gone" })}\n`.repeat(2000));
    const second = await serve({ dataDir });
    expect(await read(second.s3, Bucket, "k1")).toBe("28");
    await second.close();
    expect(await countBlobs(Bucket)).toBe(3);
    expect((await readFile(journal, "utf8")).split("\n")).toHaveLength(4);
  });
});

describe("a service that is killed", () => {
  it("has lost nothing that it said yes to, and shows nothing half", async () => {
    const { url, kill } = await spawnLocal(dataDir);
    let killing: Promise<void> | undefined;
    const client = new S3Client({ endpoint: url, region: "us-east-1", credentials, maxAttempts: 1 });
    await client.send(new CreateBucketCommand({ Bucket: "killed" }));
    const acknowledged = new Map<string, number>();
    const writer = async (name: number): Promise<void> => {
      for (let round = 0; ; round += 1) {
        const Key = `${name}/${round % 5}`;
        await client.send(
          new PutObjectCommand({ Bucket: "killed", Key, Body: `${round}:`.padEnd(70_000, String(round % 10)) }),
        );
        acknowledged.set(Key, round);
        if (name === 0 && round === 25) killing = kill();
      }
    };
    await Promise.allSettled(Array.from({ length: 8 }, (_, name) => writer(name)));
    await killing;
    client.destroy();
    const again = await serve({ dataDir });
    expect(acknowledged.size).toBeGreaterThan(20);
    for (const [Key, round] of acknowledged) {
      const body = (await read(again.s3, "killed", Key)) ?? "";
      const found = Number(body.split(":")[0]);
      // The next write of that key may have been done, and its answer lost.
      expect(found === round || found === round + 5, Key).toBe(true);
      expect(body).toBe(`${found}:`.padEnd(70_000, String(found % 10)));
    }
    await again.close();
  });
});
