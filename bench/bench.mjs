// npm run bench: halfprice and its peers in one run, interleaved; ratios first. `-- --help` has the options.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureConsole, writeConsolePage } from "./console.mjs";
import { makeCase } from "./make-case.mjs";
import { writePartsSection } from "./parts.mjs";
import { copyTime, makeTableOf, runRounds } from "./rounds.mjs";
import { measureServe, writeServePage } from "./serve.mjs";
import { measureInstall, measureStart } from "./start.mjs";
import { measureWholeRun } from "./whole-run.mjs";

const sections = ["prepare", "collect", "run", "service", "start", "size", "tokens", "console", "serve", "parts"];
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: sections.join(",") },
    large: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run bench -- [--rows 1000000] [--rounds 5] [--only ${sections.join(",")}] [--large]
  --rows    rows of about 600 bytes; a tenth of them is measured too, and a tenth with rows of 10 KB
  --rounds  rounds, interleaved; figures are medians
  --only    some of the sections
  --large   ten times the rows too, for the memory of preparing and collecting (50 GB of disk)
Writes bench/results.md; the console and serve have pages of their own, bench/console.md and bench/serve.md. BENCH_TMP is where its files go.`);
  process.exit(0);
}
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const wants = (section) => values.only.split(",").includes(section);
const here = fileURLToPath(new URL(".", import.meta.url));
if (!existsSync(join(here, "node_modules")))
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const folder = mkdtempSync(join(process.env.BENCH_TMP ?? tmpdir(), "halfprice-bench-"));
const at = (name) => join(folder, name);
const contender = (name) => join(here, "contenders", name);
const node = (name, ...args) => [process.execPath, contender(name), ...args];
const count = (number) => number.toLocaleString("en-US");
const python = spawnSync("/usr/bin/python3", ["-c", "import pandas; print(pandas.__version__)"], { encoding: "utf8" });
const hasPandas = python.status === 0;
if (!hasPandas) console.error("pandas is not there (Debian: apt-get install python3-pandas); its rounds are skipped");

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release().split("-")[0]}, Node ${process.versions.node}${hasPandas ? `, pandas ${python.stdout.trim()}` : ", no pandas"}`;
const options = process.argv.slice(2).join(" ");
const parts = [];
const memory = [];

function makePage() {
  const limits = join(here, "limits.md");
  return `# Benchmark

Made by \`npm run bench${options === "" ? "" : ` -- ${options}`}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.
The contenders of a table take turns, round by round; each is a process of its own; peak memory is that of the process. Peers are
pinned in \`bench/package.json\`. Seconds of different days or machines say nothing; ratios within a table do.

${parts.join("\n")}${existsSync(limits) ? `\n${readFileSync(limits, "utf8")}` : ""}`;
}

/** After each section: an hour's figures are not lost with the last of them. */
function writePage() {
  writeFileSync(join(here, "results.md"), makePage());
}

function add(...sections) {
  parts.push(...sections);
  writePage();
}

async function measureData(rowCount, bytes, isAlone = false) {
  console.error(`making ${count(rowCount)} rows of about ${bytes} bytes, and what the service would answer …`);
  const { table, run, outputs } = await makeCase(folder, rowCount, bytes);
  const title = `${count(rowCount)} rows of about ${bytes >= 1000 ? `${bytes / 1000} KB` : `${bytes} bytes`}`;
  const pandas = (script, ...args) =>
    hasPandas ? [{ name: "pandas", command: ["/usr/bin/python3", contender(script), ...args] }] : [];
  const prepare = [{ name: "halfprice", command: node("halfprice-prepare.mjs", table, at("work")) }];
  const collect = [{ name: "halfprice", command: node("halfprice-collect.mjs", run, outputs, at("out.parquet")) }];
  if (!isAlone) {
    prepare.push(
      {
        name: "halfprice, a function as the prompt",
        command: node("halfprice-prepare.mjs", table, at("work"), "function"),
      },
      { name: "Node, papaparse", command: node("node-prepare.mjs", table, at("out.jsonl"), "papaparse") },
      { name: "Node, csv-parse", command: node("node-prepare.mjs", table, at("out.jsonl"), "csv-parse") },
      ...pandas("pandas_prepare.py", table, at("out.jsonl")),
      { name: "floor: the engine's ordered COPY", command: node("floor-prepare.mjs", run, outputs, at("out.jsonl")) },
      { name: "floor: cp of the lines", call: () => copyTime(join(run, "records.jsonl"), at("copy.jsonl")) },
    );
    collect.push(
      { name: "Node, JSON.parse and papaparse", command: node("node-collect.mjs", table, outputs, at("out.csv")) },
      ...pandas("pandas_collect.py", table, outputs, at("out.csv")),
    );
  }
  const peaks = {};
  for (const [task, contenders] of Object.entries({ prepare, collect })) {
    if (!wants(task)) continue;
    // Long rows take long, and tell less than their number.
    const most = isAlone ? 1 : bytes >= 1000 ? Math.min(rounds, 3) : rounds;
    const results = runRounds(`${task} ${title}`, contenders, most);
    peaks[task] = results[0].rssMb;
    if (!isAlone) add(makeTableOf(`${task === "prepare" ? "Prepare" : "Collect"} ${title}`, results));
  }
  memory.push({ title, peaks });
  return { table, run, outputs };
}

try {
  const cases = {};
  for (const [rowCount, bytes] of [
    [rows, 600],
    [Math.round(rows / 10), 600],
    [Math.round(rows / 10), 10_000],
  ]) {
    if (!(wants("prepare") || wants("collect") || (bytes === 600 && (wants("run") || wants("service"))))) continue;
    const made = await measureData(rowCount, bytes);
    cases[`${rowCount}/${bytes}`] = made;
    if (bytes !== 600) rmSync(made.run, { recursive: true });
    rmSync(made.outputs, { recursive: true });
  }
  if (values.large && (wants("prepare") || wants("collect"))) {
    const made = await measureData(rows * 10, 600, true);
    for (const path of [made.run, made.outputs]) rmSync(path, { recursive: true });
  }
  if (wants("prepare") || wants("collect")) {
    const cell = (mb) => (mb === undefined ? "" : Math.round(mb));
    const lines = memory.map(({ title, peaks }) => `| ${title} | ${cell(peaks.prepare)} | ${cell(peaks.collect)} |`);
    add(`## Peak memory of halfprice, MB\n\n| | prepare | collect |\n|---|---|---|\n${lines.join("\n")}\n`);
  }
  await measureWholeRun({ folder, rows, rounds, cases, wants, count, contender, add });
  if (wants("start")) add(measureStart(folder, rounds * 4));
  if (wants("size")) add(measureInstall(folder));
  if (wants("tokens")) {
    const table = execFileSync(process.execPath, [join(here, "tokens.mjs")], { encoding: "utf8" });
    add(`## Input tokens: the estimate beside counts that the real service reported\n\n${table}`);
  }
  if (wants("parts")) add(await writePartsSection(folder, Math.max(1000, rows / 10)));
  if (wants("console")) {
    const table = await measureConsole(folder, rows, rounds);
    writeConsolePage(join(here, "console.md"), machine, rows, table);
    console.log(table);
  }
  if (wants("serve")) {
    const table = await measureServe(folder, Math.round(rows / 10), rounds);
    writeServePage(join(here, "serve.md"), machine, table);
    console.log(table);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// What has a page of its own is not on the others'.
if (values.only.split(",").some((section) => section !== "console" && section !== "serve")) {
  writePage();
  console.log(makePage());
}
