// The local service in a process of its own, with a bucket and a role, and no limits that would cut a job in pieces.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeLocalPlace } from "../build/access/make-local-place.js";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const hook = new URL("./report-peak.mjs", import.meta.url).href;

/** Jobs live a million times as fast as in the field: what is left is the work itself. */
const speed = 1_000_000;

export const place = { bucket: "bench-bucket", role: "arn:aws:iam::123456789012:role/BatchRole" };

export async function startService(folder) {
  const peak = join(folder, "service-peak.json");
  const quotas = ["records-per-job=20000000", "records-per-file=20000000", "file-size-gb=100", "job-size-gb=100"];
  const child = spawn(
    process.execPath,
    [
      ...["--import", hook, main, "local", "--port", "0", "--data", join(folder, "aws"), "--speed", String(speed)],
      ...["--seed", "1", ...quotas.flatMap((quota) => ["--quota", quota])],
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, BENCH_PEAK: peak } },
  );
  let url;
  for await (const line of createInterface({ input: child.stderr })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) break;
  }
  child.stderr.resume();
  const dummyCredentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const connection = { region: "us-east-1", endpointUrl: url, dummyCredentials };
  await makeLocalPlace(connection, { bucket: place.bucket, prefix: "halfprice/", roleName: "BatchRole" });
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_REGION: "us-east-1",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    /** @returns the service's own peak memory */
    async stop() {
      child.kill("SIGINT");
      await once(child, "exit");
      rmSync(join(folder, "aws"), { recursive: true, force: true });
      return JSON.parse(readFileSync(peak, "utf8")).rssMb;
    },
  };
}
