import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SpawnedLocal, spawnLocal } from "../spawned.ts";

const MiB = 1024 * 1024;
const sizeBytes = 300 * MiB;

let spawned: SpawnedLocal;
beforeAll(async () => {
  spawned = await spawnLocal();
  await fetch(`${spawned.url}/large`, { method: "PUT" });
});
afterAll(() => spawned.end());

/** The most memory that the service has had, which Linux alone tells of another process. */
const readPeakBytes = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${spawned.pid}/status`, "utf8"))?.[1]) * 1024;

describe.skipIf(process.platform !== "linux")("a large object", () => {
  it("costs no memory to speak of, in or out", async () => {
    const before = readPeakBytes();
    const piece = Buffer.alloc(MiB, "0123456789abcdef");
    const sent = createHash("md5");
    const { hostname, port } = new URL(spawned.url);
    await new Promise<void>((resolve, reject) => {
      const upload = request(
        { hostname, port, method: "PUT", path: "/large/object", headers: { "content-length": sizeBytes } },
        (response) => {
          response.resume();
          response.on("end", resolve);
        },
      );
      upload.on("error", reject);
      let left = sizeBytes / MiB;
      const write = (): void => {
        for (; left > 0; left -= 1) {
          sent.update(piece);
          if (!upload.write(piece)) {
            left -= 1;
            upload.once("drain", write);
            return;
          }
        }
        upload.end();
      };
      write();
    });
    const received = createHash("md5");
    const answer = await fetch(`${spawned.url}/large/object`);
    for await (const chunk of answer.body ?? []) received.update(chunk as Uint8Array);
    const digest = sent.digest("hex");
    expect([received.digest("hex"), answer.headers.get("etag")]).toEqual([digest, `"${digest}"`]);
    expect(readPeakBytes() - before).toBeLessThan(80 * MiB);
  }, 120_000);
});
