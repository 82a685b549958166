// Two to eight processes race for tables that overlap, in one workspace, in batch or on demand; some are killed at random and started
// again. Each has to end with its whole table, and the service's own count of records has to be that of the distinct requests; on demand
// a kill can repeat what was in the air. `npm run soak -- --races --kills 500 --seed 1 --parallel 2`, with
// `--minutes 8` no race begins later; exits 1 where anything differs. With `--shared` the workspace is on S3, eight processes race, each on a
// machine of its own, and what they put there meets 409, 412, 500, lost answers and time-outs.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLocalPlace } from "../build/access/make-local-place.js";
import { startLocal } from "../dist/local/index.js";
import { makeRandom } from "./soak-random.mjs";

/** Requests on demand that are in the air at most: see askRecords. */
const concurrency = 32;
const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
const faults = [
  { operation: "CreateModelInvocationJob", fault: { kind: "lost-answer" }, probability: 0.1 },
  { operation: "CreateModelInvocationJob", fault: "throttling", probability: 0.05 },
  { operation: "ListModelInvocationJobs", fault: "internal", probability: 0.02 },
  { operation: "GetObject", fault: { kind: "cut", afterBytes: 500 }, probability: 0.05 },
];

const error = (type, status) => ({ kind: "error", type, status, message: type });
/** What a workspace on S3 meets: each may be said although the object was written. */
const sharedFaults = [
  { operation: "PutObject", path: "ledger.db.gz", fault: error("ConditionalRequestConflict", 409), probability: 0.03 },
  { operation: "PutObject", path: "ledger.db.gz", fault: error("PreconditionFailed", 412), probability: 0.03 },
  { operation: "PutObject", path: "workspace/", fault: "internal", probability: 0.03 },
  { operation: "PutObject", path: "workspace/", fault: { kind: "lost-answer" }, probability: 0.04 },
  { operation: "PutObject", path: "workspace/", fault: error("RequestTimeout", 400), probability: 0.02 },
  { operation: "GetObject", path: "workspace/", fault: "internal", probability: 0.02 },
  { operation: "ListObjectsV2", fault: "internal", probability: 0.02 },
];

/** Points that a process comes by, about: a kill at a later one does not happen. */
const pointCount = 60;
const sharedPointCount = 250;

export async function soakRaces({ kills: wantedKills, seed, parallel, minutes, isShared = false }) {
  const random = makeRandom(seed);
  const root = mkdtempSync(join(tmpdir(), "halfprice-races-"));
  const startedAt = Date.now();
  const seen = {
    kills: 0,
    byTime: 0,
    atPoints: new Map(),
    troubles: new Map(),
    races: 0,
    processes: 0,
    jobs: 0,
    records: 0,
    distinct: 0,
    repeated: 0,
    failures: [],
  };
  const pick = (from, to) => from + Math.floor(random() * (to - from + 1));

  /** One process; killed at a point, after a time, or not at all. */
  async function runProcess(settings, killAfterMs) {
    seen.processes += 1;
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
    return { code, signal, out, err };
  }

  /** One of the racers: begun again until it has ended without a kill. */
  async function racer(settings, race) {
    await new Promise((resolve) => setTimeout(resolve, settings.startAfterMs));
    for (let left = settings.kills; ; ) {
      const isByTime = left > 0 && random() < 0.25;
      const killAt = left > 0 && !isByTime ? pick(0, isShared ? sharedPointCount : pointCount) : -1;
      // Whoever goes on is now and then on a machine that has no copies yet.
      const machine = random() < 0.3 ? `${settings.machine}-${race.machines++}` : settings.machine;
      const end = await runProcess({ ...settings, machine, killAt }, isByTime ? 200 + random() * 2500 : undefined);
      if (end.signal === "SIGKILL") {
        seen.kills += 1;
        race.kills += 1;
        left -= 1;
        if (isByTime) seen.byTime += 1;
        else {
          const { killedAt } = JSON.parse(end.out.trim().split("\n").at(-1));
          seen.atPoints.set(killedAt, (seen.atPoints.get(killedAt) ?? 0) + 1);
        }
      } else if (end.code === 0) return;
      // Trouble that lasted longer than the client's retries: the same command goes on.
      else {
        const [trouble] = /UNREACHABLE|SERVICE_REFUSED|LEDGER_BUSY/.exec(end.err) ?? [];
        if (trouble === undefined) throw new Error(`unexpected end:\n${end.err}`);
        seen.troubles.set(trouble, (seen.troubles.get(trouble) ?? 0) + 1);
      }
    }
  }

  async function makePlace(server) {
    const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
    for (;;) {
      try {
        return await makeLocalPlace(connection, { bucket: "soak-bucket", prefix: "soak/", roleName: "BatchRole" });
      } catch {
        // The service's faults hit this call too.
      }
    }
  }

  async function runRace() {
    const number = (seen.races += 1);
    const folder = join(root, `race-${number}`);
    mkdirSync(folder);
    const isOnDemand = !isShared && random() < 0.3;
    const race = { kills: 0, onDemand: 0, machines: 0 };
    const server = await startLocal({
      dataDir: join(folder, "aws"),
      speed: 300 * 10 ** (random() * 1.8),
      seed: number,
      quotas: [`min-records=${isOnDemand ? 100_000 : 1}`, "records-per-job=60"],
      faults: { seed: number, calls: isOnDemand ? [] : [...faults, ...(isShared ? sharedFaults : [])] },
      log: (line) => {
        if (/POST \/model\/\S+\/(invoke|converse) 200 /.test(line)) race.onDemand += 1;
      },
    });
    try {
      const place = await makePlace(server);
      const canary = !isOnDemand && !isShared && random() < 0.2 ? { count: 5, seed: 1 } : undefined;
      const size = pick(40, 160);
      const distinct = new Set();
      const racers = Array.from({ length: isShared ? 8 : pick(2, 8) }, (_, index) => {
        // A third of them have all of it: equal runs.
        const [one, other] = random() < 0.35 ? [0, size - 1] : [pick(0, size - 1), pick(0, size - 1)];
        const ids = Array.from({ length: Math.abs(one - other) + 1 }, (_row, at) => Math.min(one, other) + at);
        for (const id of ids) distinct.add(id);
        const table = join(folder, `${ids[0]}-${ids.length}.csv`);
        writeFileSync(table, `id,text\n${ids.map((id) => `${id},text number ${id}\n`).join("")}`);
        const output = join(folder, `out-${index}.csv`);
        const name = random() < 0.3 ? `named-${index}` : undefined;
        return {
          ...{
            machine: `machine-${index}`,
            isShared,
            folder,
            url: server.url,
            region: server.region,
            ...place,
            table,
            output,
            name,
          },
          // Of one record none can be asked before the rest.
          canary: ids.length > 1 ? canary : undefined,
          ...{
            rowCount: ids.length,
            kills: isShared ? pick(2, 8) : pick(0, 3),
            startAfterMs: random() * 2000,
            waitMs: random() < 0.3 ? random() * 1500 : 0,
          },
        };
      });
      await Promise.all(racers.map((settings) => racer(settings, race)));
      for (const { output, rowCount } of racers) {
        const rows = readFileSync(output, "utf8").trim().split("\n").slice(1);
        const answered = rows.filter((row) => row.includes(",answered,")).length;
        if (rows.length !== rowCount || answered !== rowCount) {
          seen.failures.push(`race ${number}: ${output} has ${rows.length} rows, ${answered} answered, of ${rowCount}`);
        }
      }
      const jobs = await readJobs(server);
      const batch = jobs.reduce((sum, { totalRecordCount = 0 }) => sum + totalRecordCount, 0);
      seen.jobs += jobs.length;
      seen.records += batch + race.onDemand;
      seen.distinct += distinct.size;
      seen.repeated += Math.max(0, batch + race.onDemand - distinct.size);
      const allowed = distinct.size + (isOnDemand || canary !== undefined ? concurrency * race.kills : 0);
      if (batch + race.onDemand < distinct.size || batch + race.onDemand > allowed) {
        seen.failures.push(
          `race ${number}: the service counts ${batch} records and ${race.onDemand} on demand for ${distinct.size} requests (${folder})`,
        );
      }
    } finally {
      await server.close();
    }
    if (seen.failures.length === 0) rmSync(folder, { recursive: true });
    if (number % 10 === 0) console.error(`${seen.kills} kills, ${number} races …`);
  }

  async function readJobs(server) {
    const read = async (path) => {
      for (;;) {
        const response = await fetch(`${server.url}${path}`);
        if (response.ok) return response.json();
      }
    };
    const { invocationJobSummaries: jobs } = await read("/model-invocation-jobs?maxResults=1000");
    return Promise.all(jobs.map(({ jobArn }) => read(`/model-invocation-job/${encodeURIComponent(jobArn)}`)));
  }

  async function work() {
    const isOver = () => seen.kills >= wantedKills || Date.now() - startedAt > minutes * 60_000;
    while (!isOver() && seen.failures.length === 0) {
      await runRace().catch((error) => seen.failures.push(error.stack));
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  if (seen.failures.length === 0) rmSync(root, { recursive: true });

  const points = [...seen.atPoints.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `seed ${seed}: ${seen.kills} kills in ${seen.races} races of ${seen.processes} processes, ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  console.log(`${points} kills at ${seen.atPoints.size} kinds of announced points, ${seen.byTime} at any time`);
  console.log(
    `${seen.jobs} jobs; the service counts ${seen.records} records for ${seen.distinct} distinct requests; ${seen.repeated} were in the air on demand at a kill`,
  );
  for (const [trouble, count] of seen.troubles)
    console.log(`${count} processes ended with ${trouble}, and were begun again`);
  for (const failure of seen.failures) console.log(`FAILED ${failure}`);
  console.log(
    seen.failures.length === 0
      ? "every process ended with its whole table; no record of a job was sent twice"
      : `see above, and ${root}`,
  );
  return seen.failures.length === 0;
}
