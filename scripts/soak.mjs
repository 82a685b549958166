// Kills runs at random and resumes them, on the hurried local service with faults of its own: lost answers, throttling,
// resets, records that fail. Every run has to end in the table of one that nobody killed, with no job twice and none orphaned.
// `npm run soak`, `npm run soak -- --kills 100 --seed 7 --parallel 2`; exits 1 where anything differs. With `--races` processes race
// for the same records instead: soak-races.mjs; with `--serve` the server is killed: soak-serve.mjs; with `--points` runs are killed at
// every announced point, where the tests take one of each kind. `--races --shared` is the race on a workspace that is on S3.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BedrockClient, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import { makeLocalPlace } from "../build/access/make-local-place.js";
import { openEngine } from "../build/engine/engine.js";
import { startLocal } from "../dist/local/index.js";
import { makeRandom } from "./soak-random.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    parallel: { type: "string", default: "2" },
    races: { type: "boolean", default: false },
    serve: { type: "boolean", default: false },
    points: { type: "boolean", default: false },
    shared: { type: "boolean", default: false },
    minutes: { type: "string", default: "600" },
  },
});
const [wantedKills, seed, parallel] = [Number(values.kills), Number(values.seed), Number(values.parallel)];

if (values.points) {
  // The tests that kill a run at one announced point of each kind, at every point.
  const files = ["test/run/killed-run.test.ts", "test/run/killed-rounds.test.ts"];
  const vitest = fileURLToPath(new URL("../node_modules/.bin/vitest", import.meta.url));
  const child = spawn(vitest, ["run", ...files], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, HALFPRICE_ALL_POINTS: "1", HALFPRICE_LONG_TESTS: "1" },
    stdio: "inherit",
  });
  process.exit(await new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1))));
}
if (values.races) {
  const { soakRaces } = await import("./soak-races.mjs");
  process.exit(
    (await soakRaces({ kills: wantedKills, seed, parallel, minutes: Number(values.minutes), isShared: values.shared }))
      ? 0
      : 1,
  );
}
if (values.serve) {
  const { soakServe } = await import("./soak-serve.mjs");
  process.exit((await soakServe({ kills: wantedKills, seed })) ? 0 : 1);
}
const random = makeRandom(seed);

const rowCount = 60;
const table = `id,text\n${Array.from({ length: rowCount }, (_, index) => `${index},text number ${index % 50}\n`).join("")}`;
const root = mkdtempSync(join(tmpdir(), "halfprice-soak-"));
const calls = [
  { operation: "CreateModelInvocationJob", fault: { kind: "lost-answer" }, probability: 0.1 },
  { operation: "CreateModelInvocationJob", fault: "throttling", probability: 0.05 },
  { operation: "*", fault: { kind: "reset" }, probability: 0.02 },
  { operation: "ListModelInvocationJobs", fault: "internal", probability: 0.02 },
  { operation: "GetObject", fault: { kind: "cut", afterBytes: 500 }, probability: 0.05 },
];
// In a run's first jobs only, so that what is sent again gets its answer.
const records = ["*-1-1", "*-2-1"].flatMap((job) => [
  { job, record: "0*", fault: "throttled" },
  { job, record: "1*", fault: "truncated" },
  { job, record: "2*", fault: "lost" },
]);
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const server = await startLocal({
  dataDir: join(root, "aws"),
  speed: 20_000,
  seed,
  quotas: ["min-records=1", "records-per-job=25", "jobs-in-flight=1000"],
  faults: { seed, calls, records },
});
const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
const place = await makePlace();
const startedAt = Date.now();
const seen = { kills: 0, atPoints: new Map(), byTime: 0, runs: 0, processes: 0, jobs: 0, failures: [] };

async function makePlace() {
  const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
  const wanted = { bucket: "soak-bucket", prefix: "soak/", roleName: "BatchRole" };
  for (;;) {
    try {
      return await makeLocalPlace(connection, wanted);
    } catch {
      // The service's faults hit this call too.
    }
  }
}

/** Points that a whole run comes by; known once one has ended. */
let pointCount = 100;

/** One process; killed at a point, after a time, or not at all. */
async function runProcess(folder, { killAt, killAfterMs }) {
  seen.processes += 1;
  const settings = { folder, url: server.url, region: server.region, ...place, killAt: killAt ?? -1 };
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("soak-run.mjs", import.meta.url)), JSON.stringify(settings)],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: "/nonexistent", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    },
  );
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const [code, signal] = await new Promise((resolve) => child.on("close", (...end) => resolve(end)));
  clearTimeout(timer);
  const last = out.trim().split("\n").at(-1);
  return { code, signal, said: last === "" ? undefined : JSON.parse(last), err };
}

/** A run that is killed some times and then left to end. */
async function soakRun(kills) {
  const folder = join(root, `run-${seen.runs}`);
  seen.runs += 1;
  mkdirSync(folder);
  writeFileSync(join(folder, "texts.csv"), table);
  for (let left = kills; ; ) {
    const isLast = left === 0;
    // Most at a point that is announced, which is exact; some at any time, which is between two of them.
    const byTime = !isLast && random() < 0.2;
    const how = isLast
      ? {}
      : byTime
        ? { killAfterMs: 300 + random() * 2500 }
        : { killAt: Math.floor(random() * pointCount) };
    const { code, signal, said, err } = await runProcess(folder, how);
    if (signal === "SIGKILL") {
      seen.kills += 1;
      left -= 1;
      if (byTime) seen.byTime += 1;
      else seen.atPoints.set(said.killedAt, (seen.atPoints.get(said.killedAt) ?? 0) + 1);
    } else if (code !== 0) {
      // Trouble that lasted longer than the client's retries: the same command goes on.
      if (!/UNREACHABLE|SERVICE_REFUSED|HalfpriceError|BAD_OUTPUT/.test(err))
        throw new Error(`unexpected end:\n${err}`);
    } else if (isLast || left > 0) return { folder, ...said };
  }
}

const columns =
  "id, answer, _halfprice_outcome, _halfprice_input_tokens, _halfprice_output_tokens, round(_halfprice_cost_usd, 9) AS usd";
async function readTable({ results }) {
  const engine = await openEngine({ tempDirectory: join(root, "spill") });
  try {
    return JSON.stringify(await engine.rows(`SELECT ${columns} FROM read_parquet('${results}')`));
  } finally {
    engine.close();
  }
}

async function listJobs() {
  const client = new BedrockClient({
    endpoint: server.url,
    region: server.region,
    credentials: dummyCredentials,
    maxAttempts: 10,
  });
  const names = [];
  for await (const page of paginateListModelInvocationJobs({ client }, { maxResults: 1000 })) {
    names.push(...page.invocationJobSummaries.map(({ jobName }) => jobName));
  }
  client.destroy();
  return names;
}

const whole = await soakRun(0);
pointCount = whole.reached;
const expected = await readTable(whole);
const expectedOut = readFileSync(join(whole.folder, "out.csv"), "utf8").length;
const ended = [whole];

async function work() {
  while (seen.kills < wantedKills && seen.failures.length < 5) {
    const run = await soakRun(1 + Math.floor(random() * 6));
    ended.push(run);
    if ((await readTable(run)) !== expected) seen.failures.push(`${run.id}: its table differs (${run.folder})`);
    const out = readFileSync(join(run.folder, "out.csv"), "utf8").length;
    if (Math.abs(out - expectedOut) > rowCount * 4) seen.failures.push(`${run.id}: out.csv differs (${run.folder})`);
    if (seen.failures.length === 0) rmSync(run.folder, { recursive: true });
    if (ended.length % 10 === 0) console.error(`${seen.kills} kills, ${ended.length} runs …`);
  }
}
await Promise.all(Array.from({ length: parallel }, work));

const names = await listJobs();
for (const { id } of ended) {
  const own = names.filter((name) => name.includes(id));
  seen.jobs += own.length;
  const shards = own.map((name) => name.slice(name.indexOf(id) + id.length)).sort();
  if (shards.join() !== "-1-1,-2-1,-3-1") seen.failures.push(`${id}: its jobs are ${shards.join()}`);
}
if (seen.jobs !== names.length) seen.failures.push(`${names.length - seen.jobs} jobs belong to no run`);
await server.close();
if (seen.failures.length === 0) rmSync(root, { recursive: true });

const points = [...seen.atPoints.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `seed ${seed}: ${seen.kills} kills of ${ended.length} runs in ${seen.processes} processes, ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
console.log(`${points} kills at ${seen.atPoints.size} kinds of announced points, ${seen.byTime} at any time`);
console.log(`${seen.jobs} jobs on the service, ${ended.length * 3} expected`);
for (const failure of seen.failures) console.log(`FAILED ${failure}`);
console.log(
  seen.failures.length === 0 ? "every run ended in the same table; no job twice, none orphaned" : "see above",
);
process.exit(seen.failures.length === 0 ? 0 : 1);
