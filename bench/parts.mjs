// A run in parts: peak memory of each process and peak disk as parts get more, workers against each other, and the plan of a billion rows.
import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/cli/main.js");
/** Inner modules: `dist` is bundled. */
const inner = (path) => import(join(root, "build", path));
const ask = ["--prompt", "Sentiment of this review: {{text}}", "--model", "claude-haiku-4.5", "--max-tokens", "100"];

/** A Parquet file of rows with an id and a text of about 80 letters, from a number on. */
async function writeRows(path, from, rowCount) {
  const { openEngine } = await inner("engine/engine.js");
  const engine = await openEngine({ tempDirectory: `${path}.spill` });
  const text =
    "concat('review ', i, ': it came ', i % 9, ' days late and nobody answered my ', i % 7, ' letters about it')";
  await engine.run(
    `COPY (SELECT i AS id, ${text} AS text FROM range(${from}, ${from + rowCount}) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  engine.close();
}

export async function writeLake(folder, partCount, rowsPerPart) {
  mkdirSync(folder, { recursive: true });
  for (let part = 0; part < partCount; part += 1)
    await writeRows(join(folder, `${String(part).padStart(5, "0")}.parquet`), part * rowsPerPart, rowsPerPart);
  return join(folder, "*.parquet");
}

const sizeOf = (folder) => {
  let bytes = 0;
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      try {
        if (entry.isDirectory()) visit(inner);
        else bytes += statSync(inner).size;
      } catch {
        // It is just being removed.
      }
    }
  };
  if (existsSync(folder)) visit(folder);
  return bytes;
};

const statusOf = (pid, name) => {
  try {
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

const childrenOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** Seconds in which a core of the machine had something to do. */
const readBusy = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;

const gigabytes = (bytes) => Math.round(bytes / 1e7) / 100;

/** Starts the local service as a process of its own. */
async function startService(folder) {
  const child = spawn(
    process.execPath,
    [cli, "local", "--port", "0", "--data", join(folder, "aws"), "--speed", "6000"],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const url = await new Promise((resolve) => {
    let said = "";
    child.stderr.on("data", (data) => {
      said += data;
      const found = /http:\/\/[\d.]+:\d+/.exec(said);
      if (found !== null) resolve(found[0]);
    });
  });
  return { child, url };
}

/** A whole run through the local service: seconds, the peak of each kind of process, the peak of disk without the results. */
export async function measureRun(folder, partCount, rowsPerPart, workers) {
  const table = await writeLake(join(folder, "lake"), partCount, rowsPerPart);
  const { child: service, url } = await startService(folder);
  const environment = {
    ...process.env,
    HALFPRICE_BUCKET: "bench",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
  };
  const { makeLocalPlace } = await inner("access/make-local-place.js");
  const connection = {
    region: "us-east-1",
    endpointUrl: url,
    dummyCredentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const { roleArn } = await makeLocalPlace(connection, { bucket: "bench", prefix: "halfprice/", roleName: "Bench" });
  const began = Date.now();
  const options = [
    "--part-files",
    "1",
    "--workers",
    String(workers),
    "--remove-joined",
    "--yes",
    "--quiet",
    "--endpoint-url",
    url,
  ];
  const run = spawn(process.execPath, [cli, "run", table, ...ask, "--role", roleArn, ...options], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const workspace = join(folder, ".halfprice");
  const peak = { driverMb: 0, workerMb: 0, serviceMb: 0, workspaceGb: 0, serviceGb: 0 };
  const timer = setInterval(() => {
    peak.driverMb = Math.max(peak.driverMb, statusOf(run.pid, "VmHWM") / 1024);
    peak.serviceMb = Math.max(peak.serviceMb, statusOf(service.pid, "VmHWM") / 1024);
    for (const pid of childrenOf(run.pid)) peak.workerMb = Math.max(peak.workerMb, statusOf(pid, "VmHWM") / 1024);
    if (!existsSync(join(workspace, "runs"))) return;
    const results = readdirSync(join(workspace, "runs"), { withFileTypes: true })
      .map(({ name }) => join(workspace, "runs", name, "results"))
      .reduce((sum, path) => sum + sizeOf(path), 0);
    peak.workspaceGb = Math.max(peak.workspaceGb, gigabytes(sizeOf(workspace) - results));
    peak.serviceGb = Math.max(peak.serviceGb, gigabytes(sizeOf(join(folder, "aws"))));
  }, 500);
  const code = await new Promise((resolve) => run.on("exit", resolve));
  clearInterval(timer);
  const seconds = (Date.now() - began) / 1000;
  service.kill("SIGINT");
  await new Promise((resolve) => service.on("exit", resolve));
  const resultsGb = gigabytes(
    readdirSync(join(workspace, "runs")).reduce(
      (sum, name) => sum + sizeOf(join(workspace, "runs", name, "results")),
      0,
    ),
  );
  const round = ({ driverMb, workerMb, serviceMb, ...rest }) => ({
    ...{ driverMb: Math.round(driverMb), workerMb: Math.round(workerMb), serviceMb: Math.round(serviceMb) },
    ...rest,
  });
  return { partCount, rowCount: partCount * rowsPerPart, workers, code, seconds, ...round(peak), resultsGb };
}

/** Seconds to prepare, and to join, all parts of a run, by the number of workers, and how many cores were busy meanwhile. */
export async function measureWorkers(folder, partCount, rowsPerPart, workerCounts) {
  const table = await writeLake(join(folder, "lake"), partCount, rowsPerPart);
  const { makeLocalPlace } = await inner("access/make-local-place.js");
  const { makeSession, openWorkspace } = await inner("workspace/session.js");
  const { readRunFile, runPaths } = await inner("workspace/run-folder.js");
  const { parseRunOptions } = await inner("foundation/options/run-options.js");
  const { readRequest } = await inner("run/plan/read-request.js");
  const { planParts } = await inner("run/parts/plan-parts.js");
  const { startParts } = await inner("run/parts/start-parts.js");
  const { passParts } = await inner("run/parts/pass-parts.js");
  const { openClients } = await inner("run/clients/open-clients.js");
  const { openPartWorkers } = await inner("library/parts/open-workers.js");
  const { child: service, url } = await startService(folder);
  const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
  const connection = { region: "us-east-1", endpointUrl: url, dummyCredentials };
  const place = await makeLocalPlace(connection, { bucket: "bench", prefix: "halfprice/", roleName: "Bench" });
  const found = [];
  for (const workers of workerCounts) {
    const config = {
      workspace: join(folder, `workspace-${workers}`),
      region: "us-east-1",
      endpointUrl: url,
      prefix: "halfprice/",
      ...place,
    };
    const session = makeSession(config, { connection });
    const request = await readRequest(
      { first: table, prompt: ask[1], model: ask[3] },
      parseRunOptions({ maxTokens: "100" }, "bench"),
    );
    const planned = await planParts(session, request, { mostFiles: 1 });
    const { runId } = await startParts(session, planned, undefined);
    const run = readRunFile(runPaths(config.workspace, runId));
    // One worker is a process of its own too: what is compared is one and several of the same.
    const pool = openPartWorkers(session, run, { workers: Math.max(2, workers), request });
    const parts = Array.from({ length: partCount }, (_, index) => index + 1);
    const doAll = async (kind) => {
      const left = [...parts];
      const [began, busyBefore] = [Date.now(), readBusy()];
      await Promise.all(
        Array.from({ length: workers }, async () => {
          for (let part = left.shift(); part !== undefined; part = left.shift()) await pool.run({ kind, part });
        }),
      );
      const seconds = (Date.now() - began) / 1000;
      return { seconds, busyCores: (readBusy() - busyBefore) / seconds };
    };
    const prepared = await doAll("prepare");
    const ledger = await openWorkspace(config);
    const clients = await openClients(session, ledger, run, {});
    for (;;) {
      const { states } = await passParts({ session, ledger, clients, run, mayStart: () => true });
      if (states.every(({ step }) => step === "join")) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await clients.close();
    ledger.close();
    const joined = await doAll("join");
    await pool.close();
    found.push({ workers, prepared, joined });
  }
  service.kill("SIGINT");
  await new Promise((resolve) => service.on("exit", resolve));
  return found;
}

/** The plan of a billion rows: ten thousand files of a hundred thousand rows, which are names of one file. */
export async function measurePlan(folder, fileCount = 10_000, rowsPerFile = 100_000) {
  const lake = join(folder, "lake");
  mkdirSync(lake, { recursive: true });
  const one = join(folder, "one.parquet");
  await writeRows(one, 0, rowsPerFile);
  const bytes = statSync(one).size;
  const lines = Array.from({ length: fileCount }, (_, index) => {
    const name = `${String(index).padStart(6, "0")}.parquet`;
    linkSync(one, join(lake, name));
    return JSON.stringify({ uri: name, bytes, rows: rowsPerFile });
  });
  writeFileSync(join(lake, "manifest.jsonl"), `${lines.join("\n")}\n`);
  const manifest = `manifest:${join(lake, "manifest.jsonl")}`;
  const began = Date.now();
  const child = spawn(
    process.execPath,
    [cli, "plan", manifest, ...ask, "--part-files", "10", "--json", "--region", "us-east-1"],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, statusOf(child.pid, "VmHWM") / 1024);
  }, 20);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(timer);
  const { parts } = JSON.parse(said);
  return { code, seconds: (Date.now() - began) / 1000, peakMb: Math.round(peakMb), parts };
}

/** The section of bench/results.md. @param rowsPerPart of each of the 10 and the 100 parts */
export async function writePartsSection(folder, rowsPerPart) {
  const count = (number) => number.toLocaleString("en-US");
  const runs = [];
  for (const partCount of [10, 100])
    runs.push(await measureRun(join(folder, `parts-${partCount}`), partCount, rowsPerPart, 2));
  const lines = runs.map(
    (run) =>
      `| ${run.partCount} | ${count(run.rowCount)} | ${run.driverMb} | ${run.workerMb} | ${run.serviceMb} | ${run.workspaceGb} | ${run.serviceGb} | ${run.seconds.toFixed(0)} |`,
  );
  process.env.HALFPRICE_ENGINE_THREADS = "1";
  const single = await measureWorkers(join(folder, "workers"), 8, rowsPerPart, [1, 2]);
  delete process.env.HALFPRICE_ENGINE_THREADS;
  const usual = await measureWorkers(join(folder, "workers-usual"), 8, rowsPerPart, [1, 2]);
  const plan = await measurePlan(join(folder, "plan"));
  const compare = (title, [one, two]) =>
    ["prepared", "joined"].map((step) => {
      const [few, many] = [one[step], two[step]];
      const cell = ({ seconds, busyCores }) => `${seconds.toFixed(1)} s, ${busyCores.toFixed(2)} cores`;
      return `| ${step}, ${title} | ${cell(few)} | ${cell(many)} | ${(few.seconds / many.seconds).toFixed(2)} |`;
    });
  return `## In parts

A run through the local service, with two workers and \`--remove-joined\`; memory is the peak of each process, disk that of the workspace without its
results.

| parts | rows | driver MB | worker MB | service MB | workspace GB | service GB | s |
|--:|--:|--:|--:|--:|--:|--:|--:|
${lines.join("\n")}

Workers beside each other, with 8 parts of ${count(rowsPerPart)} rows. The local service works on the same cores, and a worker's own code beside its engine: how many
cores one worker keeps busy is how much a second one can add.

| | one worker | two | times as fast |
|---|---|---|--:|
${[...compare("one engine thread each", single), ...compare("as many as there are cores for", usual)].join("\n")}

The plan of ${count(plan.parts.rowCount.expected)} rows in ${count(plan.parts.fileCount)} files took ${plan.seconds.toFixed(1)} s and ${plan.peakMb} MB.
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [what, folder, ...numbers] = process.argv.slice(2);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [one, two, three] = numbers.map(Number);
  if (what === "plan") console.log(JSON.stringify(await measurePlan(folder, one, two)));
  if (what === "workers") console.log(JSON.stringify(await measureWorkers(folder, one, two, [1, 2])));
  if (what === "run") console.log(JSON.stringify(await measureRun(folder, one, two, three)));
}
