/** A service behind a real socket, with a stepped clock and objects in memory: what the tests of src/local/ work on. */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { makeSteppedClock, type SteppedClock } from "../../src/local/clock.ts";
import { openKmsStore } from "../../src/local/kms/store.ts";
import { makeRandom } from "../../src/local/random.ts";
import type { LocalService } from "../../src/local/service.ts";
import type { World } from "../../src/local/world.ts";
import { type MemoryObjects, makeMemoryObjects } from "./memory-objects.ts";

export const account = "123456789012";
export const credentials = { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" };
export const startMs = Date.parse("2026-11-21T09:00:00.123Z");

export interface Bench {
  readonly clock: SteppedClock;
  readonly objects: MemoryObjects;
  readonly world: World;
  readonly log: string[];
}

/** A world of its own. Remove `world.dataDir` when done. */
export async function makeBench(dataDir?: string): Promise<Bench> {
  const clock = makeSteppedClock(startMs);
  const objects = makeMemoryObjects();
  objects.addBucket("bucket", "us-east-1");
  const log: string[] = [];
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "halfprice-")));
  const world: World = {
    clock,
    objects,
    keys: await openKmsStore({ dataDir: folder }),
    accountId: account,
    region: "us-east-1",
    dataDir: folder,
    random: makeRandom(7),
    log: (line) => void log.push(line),
  };
  return { clock, objects, world, log };
}

export const removeBench = ({ world }: Bench): Promise<void> => rm(world.dataDir, { recursive: true, force: true });

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a loopback port for services, without signatures. */
export async function openDoor(services: readonly LocalService[]): Promise<Door> {
  const server = createServer((request, response) => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "");
    const service =
      services.find(({ signingName }) => signingName === (scope?.[2] ?? services[0]?.signingName)) ?? services[0];
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = [value].flat().join(",");
    const answering = service?.handle({
      method: request.method ?? "GET",
      path,
      query,
      headers,
      body: request,
      requestId: "11111111-2222-4333-8444-555555555555",
      region: scope?.[1] ?? "us-east-1",
      caller: {
        accountId: account,
        arn: `arn:aws:iam::${account}:user/local`,
        userId: "AIDA",
        accessKeyId: "AKIDLOCAL",
      },
    });
    answering?.then(
      ({ status, headers: sent, body }) => {
        if (status === 0) return request.destroy();
        response.writeHead(status, sent);
        if (body instanceof Readable) return body.on("error", () => response.destroy()).pipe(response);
        return response.end(body);
      },
      (error: unknown) => {
        response.writeHead(500);
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
