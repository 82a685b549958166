// Runs every example on the local service, as a reader would: `npm run examples`, or with the names of some. What Python's examples need is
// installed in a folder of its own. An example is left out only where its tools cannot be had, and that is said.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { startServe } from "../build/serve/start-serve.js";
import { startLocal } from "../dist/local/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "halfprice-examples-"));
const bin = join(work, "bin");
mkdirSync(bin);
const cli = join(root, "dist", "cli", "halfprice.js");
writeFileSync(join(bin, "halfprice"), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
chmodSync(join(bin, "halfprice"), 0o755);
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, HALFPRICE_FLAGS: "--local" };

const reviews = `id,text\n${Array.from({ length: 120 }, (_, n) => `${n},Kettle number ${n} works`).join("\n")}\n`;
const run = (command, args, cwd) => spawnSync(command, args, { cwd, env, encoding: "utf8" });

/** Packages of Python's examples: two folders, since Airflow holds other packages to versions of its own. */
const packages = {
  data: ["pandas", "polars", "duckdb", "pyarrow", "matplotlib", "nbclient", "nbformat", "ipykernel"],
  airflow: ["apache-airflow==3.3.*", "apache-airflow-providers-common-ai==1.0.*", "openai"],
};

/** @returns Python with the packages, or why there is none */
async function installPython(name) {
  const folder = join(work, `python-${name}`);
  const made = await runBeside("python3", ["-m", "venv", folder], work).catch(() => ({ status: 1 }));
  if (made.status !== 0) return { reason: "there is no python3 with venv" };
  const python = join(folder, "bin", "python");
  const installed = await runBeside(python, ["-m", "pip", "install", "-q", ...packages[name]], work);
  return installed.status === 0 ? { python } : { reason: `pip failed: ${installed.stdout.trim().split("\n").at(-1)}` };
}

/** Both are installed at the same time, while examples without Python run. */
const installing = new Map();
function findPython(name) {
  if (!installing.has(name)) installing.set(name, installPython(name));
  return installing.get(name);
}

const inPython = async (folder) => {
  const { python, reason } = await findPython("data");
  return python === undefined ? reason : runBeside(python, ["classify.py"], folder);
};

const executeNotebook = `
import nbclient, nbformat
notebook = nbformat.read("reviews.ipynb", as_version=4)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
images = [output for cell in notebook.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
assert len(images) == 1, f"{len(images)} pictures were drawn"
`;

const examples = {
  async cron(folder) {
    writeFileSync(join(folder, "reviews.csv"), reviews);
    // Somebody has to be there while the jobs of the local service go on.
    const local = await startLocal({ dataDir: join(folder, ".halfprice", "local"), speed: 20_000 });
    try {
      const begun = await runBeside("./nightly.sh", ["begin"], folder);
      for (let times = 0; begun.status === 0 && existsSync(join(folder, "running")) && times < 50; times += 1) {
        const collected = await runBeside("./nightly.sh", ["collect"], folder);
        if (collected.status !== 0) return collected;
      }
      return existsSync(join(folder, "running")) ? { status: 1, stdout: "", stderr: "it did not end" } : begun;
    } finally {
      await local.close();
    }
  },
  "github-actions"(folder) {
    writeFileSync(join(folder, "reviews.csv"), reviews);
    const { jobs } = parse(readFileSync(join(folder, "nightly.yml"), "utf8"));
    const steps = jobs.classify.steps.filter((step) => step.run !== undefined && step.name !== "install");
    const done = run("sh", ["-euc", steps.map((step) => step.run).join("\n")], folder);
    return existsSync(join(folder, "answers.csv")) ? done : { ...done, status: 1 };
  },
  pandas: inPython,
  polars: inPython,
  duckdb: inPython,
  async notebook(folder) {
    const found = await findPython("data");
    if (found.python === undefined) return found.reason;
    const done = await runBeside(found.python, ["-c", executeNotebook], folder);
    return existsSync(join(folder, "answers.png")) ? done : { ...done, status: done.status || 1 };
  },
  async airflow(folder) {
    const found = await findPython("airflow");
    if (found.python === undefined) return found.reason;
    const workspace = join(folder, ".halfprice");
    const local = await startLocal({ dataDir: join(workspace, "local"), speed: 20_000 });
    const server = await startServe({
      session: { workspace, local: true },
      run: {},
      port: 0,
      mapped: new Map([["gpt-4o-mini", "nova-2-lite"]]),
    });
    const proxy = await startForgetfulProxy(server.url);
    try {
      const connection = { conn_type: "pydanticai", host: `${proxy.url}/v1`, password: "any" };
      const airflow = { AIRFLOW_HOME: join(folder, "home"), AIRFLOW_CONN_HALFPRICE: JSON.stringify(connection) };
      const script = join(root, "scripts", "check-airflow.py");
      return await runBeside(found.python, [script, proxy.url], folder, airflow);
    } finally {
      await proxy.close();
      await server.close();
      await local.close();
    }
  },
};

/** Passes calls on to a server; told to, it loses the answers to calls that make a batch, after the server has taken them. */
async function startForgetfulProxy(target) {
  let isLosing = false;
  let lost = 0;
  const pass = async (request, response) => {
    if (request.url === "/lose-answers" || request.url === "/keep-answers") {
      isLosing = request.url === "/lose-answers";
      return response.end(JSON.stringify({ lost }));
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _, connection: __, ...headers } = request.headers;
    const body = request.method === "GET" ? undefined : Buffer.concat(chunks);
    const answer = await fetch(`${target}${request.url}`, { method: request.method, headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (isLosing && request.method === "POST" && request.url === "/v1/batches") {
      lost += 1;
      return request.socket.destroy();
    }
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
    response.end(bytes);
  };
  const proxy = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    close: () => new Promise((resolve) => proxy.close(resolve)),
  };
}

/** Runs a program while this process goes on: the local service is in it. */
function runBeside(command, args, cwd, more = {}) {
  const child = spawn(command, args, { cwd, env: { ...env, ...more } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout: text, stderr: "" }));
  });
}

const asked = process.argv.slice(2);
const isAsked = (...names) => asked.length === 0 || names.some((name) => asked.includes(name));
if (isAsked("pandas", "polars", "duckdb", "notebook")) void findPython("data");
if (isAsked("airflow")) void findPython("airflow");
let failed = 0;
for (const [name, act] of Object.entries(examples)) {
  if (!isAsked(name)) continue;
  const folder = join(work, name);
  cpSync(join(root, "examples", name), folder, { recursive: true });
  const done = await act(folder);
  if (typeof done === "string") console.log(`${name}: left out, ${done}`);
  else if (done.status === 0) console.log(`${name}: ok`);
  else {
    failed += 1;
    console.log(`${name}: FAILED\n${done.stdout}${done.stderr}`);
  }
}
rmSync(work, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
