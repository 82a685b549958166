// Runs what carries a run's parts, each on the engine itself: `npm run test:engines`. What it needs of PyPI goes into a folder of its own. One
// line each says what was done, or why it was not; it fails where an engine is there and does not do it.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { makeLocalPlace } from "../build/access/make-local-place.js";
import { openObjectStorage } from "../build/aws/s3.js";
import { startLocal } from "../dist/local/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "halfprice-engines-"));
const cli = join(root, "dist", "cli", "halfprice.js");
const [fileCount, rowsPerFile, executors] = [8, 150, 2];

/** @returns Python with packages, or why there is none */
function installPython(name, packages) {
  const folder = join(work, `python-${name}`);
  if (spawnSync("python3", ["-m", "venv", folder]).status !== 0) return { reason: "no python3 with venv" };
  const python = join(folder, "bin", "python");
  const installed = spawnSync(python, ["-m", "pip", "install", "-q", ...packages], { encoding: "utf8" });
  return installed.status === 0 ? { python } : { reason: "no PyPI" };
}

/** A lake on the local service: files of rows, a few of which are in two files. */
async function openLake() {
  const server = await startLocal({ dataDir: join(work, "aws"), speed: 3000, seed: 1, quotas: ["min-records=10"] });
  const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
  const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
  const place = await makeLocalPlace(connection, {
    bucket: "jobs-bucket",
    prefix: "halfprice/",
    roleName: "BatchRole",
  });
  const storage = openObjectStorage(connection);
  for (const bucket of ["lake-bucket", "team-bucket"]) await storage.createBucket(bucket, server.region);
  for (let file = 0; file < fileCount; file += 1) {
    const rows = Array.from(
      { length: rowsPerFile },
      (_, row) => `${file * rowsPerFile + row},review ${file * rowsPerFile + row}\n`,
    );
    const path = join(work, `${file}.csv`);
    const text = `id,text\n${rows.join("")}`;
    writeFileSync(path, text);
    const options = {
      accountId: "123456789012",
      fromByte: 0,
      sizeBytes: text.length,
      kmsKey: undefined,
      onProgress: () => undefined,
    };
    await storage.upload(path, "lake-bucket", `reviews/day=${file}/rows.csv`, options);
  }
  storage.close();
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: server.region,
    HALFPRICE_COPIES: join(work, "copies"),
    HALFPRICE_BUCKET: place.bucket,
    HALFPRICE_ROLE_ARN: place.roleArn,
  };
  return { server, env };
}

const prompt = ["--prompt", "Repeat: {{text}}", "--model", "nova-lite", "--max-tokens", "60"];
const table = "s3://lake-bucket/reviews/**/*.csv";

/** Beside this process, which has the local service. */
async function halfprice(words, env, cwd) {
  const child = spawn(process.execPath, [cli, ...words], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let [text, errors] = ["", ""];
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, text, errors };
}

/** The table that one machine makes of the same rows, in a workspace of its own. */
async function runAlone(env) {
  const output = join(work, "alone.parquet");
  const words = ["run", table, ...prompt, "--yes", "--quiet", "--workspace", join(work, "alone"), "-o", output];
  const ran = await halfprice(words, env, work);
  if (ran.status !== 0) throw new Error(`the run on one machine: ${ran.errors}`);
  return output;
}

async function readRows(query) {
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  const rows = (await connection.runAndReadAll(query)).getRowsJson();
  connection.closeSync();
  return JSON.stringify(rows);
}

async function countJobs({ url }) {
  const read = async (path) => (await fetch(`${url}${path}`)).json();
  const { invocationJobSummaries: jobs } = await read("/model-invocation-jobs?maxResults=1000");
  const details = await Promise.all(
    jobs.map(({ jobArn }) => read(`/model-invocation-job/${encodeURIComponent(jobArn)}`)),
  );
  return { jobs, records: details.reduce((sum, { totalRecordCount = 0 }) => sum + totalRecordCount, 0) };
}

/** Executors are Java processes: one of them is killed once a part is prepared. */
async function killExecutor(isOver) {
  while (!isOver()) {
    await sleep(200);
    if (!hasPrepared()) continue;
    const found = spawnSync("pgrep", ["-f", "CoarseGrainedExecutorBackend"], { encoding: "utf8" });
    const [pid] = found.stdout.trim().split("\n").filter(Boolean);
    if (pid === undefined) continue;
    process.kill(Number(pid), "SIGKILL");
    return true;
  }
  return false;
}

/** What the service has kept of the workspace says how far the run is. */
function hasPrepared() {
  const journal = join(work, "aws", "s3", "team-bucket", "objects.jsonl");
  return existsSync(journal) && readFileSync(journal, "utf8").includes("prepared.json");
}

/** What Spark itself calls to unpack an archive and to clean up, and nothing else: no Node, no halfprice. @returns a PATH of it */
function makeBarePath() {
  const folder = join(work, "bare-path");
  mkdirSync(folder);
  for (const name of ["bash", "chmod", "gzip", "ls", "mkdir", "rm", "tar"]) {
    const found = spawnSync("which", [name], { encoding: "utf8" }).stdout.trim();
    if (found !== "") symlinkSync(found, join(folder, name));
  }
  return folder;
}

async function testSpark() {
  if (spawnSync("java", ["-version"]).status !== 0) return "skipped: no Java";
  const { python, reason } = installPython("spark", ["pyspark==4.3.0"]);
  if (python === undefined) return `skipped: ${reason}`;
  const archive = join(work, "halfprice.tar.gz");
  execFileSync(process.execPath, [join(root, "scripts", "engines-bundle.mjs"), "--output", archive], {
    stdio: "ignore",
  });
  const { server, env } = await openLake();
  try {
    const alone = await runAlone(env);
    const before = await countJobs(server);
    const workspace = ["--workspace", "s3://team-bucket/ws"];
    const begin = [
      "run",
      table,
      ...prompt,
      "--part-files",
      "1",
      "--workers",
      "0",
      "--detach",
      "--yes",
      "--json",
      ...workspace,
    ];
    // What one machine has answered is in another workspace: nothing of it is taken.
    const begun = await halfprice(begin, env, work);
    if (begun.status !== 5) throw new Error(`the run in parts was not begun: ${begun.status} ${begun.errors}`);
    const { runId } = JSON.parse(begun.text);
    const conf = {
      "spark.speculation": "true",
      "spark.speculation.interval": "200ms",
      "spark.speculation.multiplier": "1.1",
      "spark.speculation.quantile": "0.3",
      "spark.executorEnv.PATH": makeBarePath(),
      "spark.ui.enabled": "false",
      "spark.task.maxFailures": "8",
    };
    const words = [
      join(root, "engines", "spark", "halfprice_spark.py"),
      ...[runId, ...workspace, "--poll-seconds", "0.5"],
    ];
    const submit = join(python, "..", "spark-submit");
    const master = ["--master", `local-cluster[${executors},1,1024]`, "--archives", `${archive}#halfprice`];
    const settings = Object.entries(conf).flatMap(([name, value]) => ["--conf", `${name}=${value}`]);
    const sparkEnv = {
      ...env,
      PYSPARK_PYTHON: python,
      PYSPARK_DRIVER_PYTHON: python,
      SPARK_LOCAL_DIRS: join(work, "spark"),
      SPARK_LOCAL_IP: "127.0.0.1",
    };
    const child = spawn(submit, [...master, ...settings, ...words], {
      cwd: work,
      env: sparkEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    let isOver = false;
    const killed = killExecutor(() => isOver);
    const status = await new Promise((resolve) => child.on("close", resolve));
    isOver = true;
    if (status !== 0) throw new Error(`spark-submit ended with ${status}:\n${said.slice(-6000)}`);
    if (!(await killed)) throw new Error("no executor was killed: the run was over before");
    const results = join(work, "results");
    mkdirSync(results);
    const exported = await halfprice(["export", runId, "-o", `${results}/`, "--quiet", ...workspace], env, work);
    if (exported.status !== 0) throw new Error(`export: ${exported.errors}`);
    const count = readdirSync(results).filter((name) => name.endsWith(".parquet")).length;
    const columns = "id, text, answer, _halfprice_outcome";
    const [own, other] = await Promise.all(
      [join(results, "*.parquet"), alone].map((path) =>
        readRows(`SELECT ${columns} FROM read_parquet('${path}') ORDER BY id::INTEGER`),
      ),
    );
    if (own !== other) throw new Error("the rows and answers are not those of one machine");
    const after = await countJobs(server);
    const names = new Set(after.jobs.map(({ jobName }) => jobName));
    const sent = after.records - before.records;
    if (names.size !== after.jobs.length || sent !== fileCount * rowsPerFile)
      throw new Error(
        `${after.jobs.length - before.jobs.length} jobs had ${sent} records for ${fileCount * rowsPerFile}`,
      );
    return `ran ${count} parts on ${executors} executors`;
  } finally {
    await server.close();
  }
}

function lintBatch() {
  const { python, reason } = installPython("lint", ["cfn-lint"]);
  if (python === undefined) return `skipped: ${reason}`;
  const template = join(root, "engines", "aws-batch", "halfprice-parts.yaml");
  const linted = spawnSync(join(python, "..", "cfn-lint"), [template], { encoding: "utf8" });
  if (linted.status !== 0) throw new Error(`cfn-lint:\n${linted.stdout}${linted.stderr}`);
  return "linted the template";
}

let isFine = true;
for (const [name, test] of Object.entries({ spark: testSpark, "aws-batch": lintBatch })) {
  try {
    console.log(`engine ${name}: ${await test()}`);
  } catch (error) {
    isFine = false;
    console.log(`engine ${name}: FAILED: ${error.stack}`);
  }
}
if (process.env.HALFPRICE_KEEP === undefined) rmSync(work, { recursive: true, force: true });
else console.log(work);
process.exit(isFine ? 0 : 1);
