// npm run bench [-- --rows 1000000 --rounds 5 --bytes 600]: halfprice and its peers in one run, interleaved; ratios first.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freezeTable } from "../dist/dataset/freeze-table.js";
import { openEngine } from "../dist/engine/engine.js";
import { defaultJobLimits } from "../dist/limits.js";
import { cutShards } from "../dist/plan/cut-shards.js";
import { makeOutputs } from "./make-outputs.mjs";
import { makeTable } from "./make-table.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    bytes: { type: "string", default: "600" },
  },
});
const [rows, rounds, bytes] = [Number(values.rows), Number(values.rounds), Number(values.bytes)];
if (!existsSync(join(here, "node_modules")))
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });

const folder = mkdtempSync(join(process.env.BENCH_TMP ?? tmpdir(), "halfprice-bench-"));
const at = (name) => join(folder, name);
const contender = (name) => join(here, "contenders", name);
const node = (name, ...args) => [process.execPath, contender(name), ...args];
const python = spawnSync("/usr/bin/python3", ["-c", "import pandas; print(pandas.__version__)"], { encoding: "utf8" });
const hasPandas = python.status === 0;
if (!hasPandas) console.error("pandas is not there (Debian: apt-get install python3-pandas); its rounds are skipped");

console.error(`making ${rows.toLocaleString("en-US")} rows of about ${bytes} bytes …`);
const table = at("table.csv");
makeTable(table, rows, bytes);
mkdirSync(at("outputs"));
console.error("making what the service would answer …");
execFileSync(process.execPath, node("halfprice-prepare.mjs", table, at("run")).slice(1), { stdio: "ignore" });
{
  mkdirSync(at("again"));
  const engine = await openEngine({ tempDirectory: at("spill") });
  const { reading } = await freezeTable(engine, { path: table }, at("again"));
  const records = at("run/records.parquet");
  const blocks = (await engine.rows(`SELECT row, size_bytes FROM read_parquet('${records}') ORDER BY row`)).map(
    ({ row, size_bytes: sizeBytes }) => ({ fromRow: row, recordCount: 1, sizeBytes }),
  );
  engine.close();
  makeOutputs(at("run"), at("outputs"), cutShards(blocks, rows, defaultJobLimits), reading);
  rmSync(at("again"), { recursive: true });
}

const contenders = [
  ["prepare", "halfprice", node("halfprice-prepare.mjs", table, at("work"))],
  ["prepare", "halfprice, a function as the prompt", node("halfprice-prepare.mjs", table, at("work"), "function")],
  ["prepare", "Node, papaparse", node("node-prepare.mjs", table, at("out.jsonl"), "papaparse")],
  ["prepare", "Node, csv-parse", node("node-prepare.mjs", table, at("out.jsonl"), "csv-parse")],
  ...(hasPandas
    ? [["prepare", "pandas loop", ["/usr/bin/python3", contender("pandas_prepare.py"), table, at("out.jsonl")]]]
    : []),
  ["prepare", "floor: the engine's ordered COPY", node("floor-prepare.mjs", at("run"), at("outputs"), at("out.jsonl"))],
  ["prepare", "floor: cp of the lines", undefined],
  ["collect", "halfprice", node("halfprice-collect.mjs", at("run"), at("outputs"), at("out.parquet"))],
  ["collect", "Node, JSON.parse and papaparse", node("node-collect.mjs", table, at("outputs"), at("out.csv"))],
  ...(hasPandas
    ? [["collect", "pandas", ["/usr/bin/python3", contender("pandas_collect.py"), table, at("outputs"), at("out.csv")]]]
    : []),
];
const results = contenders.map(([task, name]) => ({ task, name, seconds: [], rssMb: 0 }));
for (let round = 1; round <= rounds; round += 1) {
  for (const [index, [task, name, command]] of contenders.entries()) {
    let done;
    if (command === undefined) {
      const started = performance.now();
      copyFileSync(at("run/records.jsonl"), at("copy.jsonl"));
      done = { seconds: (performance.now() - started) / 1000, rssMb: 0 };
    } else {
      const [program, ...args] = command;
      const ran = spawnSync(
        program,
        ["--max-old-space-size=8192"].filter(() => program === process.execPath).concat(args),
        { encoding: "utf8" },
      );
      if (ran.status !== 0) throw new Error(`${task}, ${name}: ${ran.stderr}`);
      done = JSON.parse(ran.stdout.trim().split("\n").at(-1));
    }
    results[index].seconds.push(done.seconds);
    results[index].rssMb = Math.max(results[index].rssMb, done.rssMb);
    console.error(`round ${round}  ${task}  ${name}: ${done.seconds.toFixed(1)} s, ${Math.round(done.rssMb)} MB`);
  }
}
rmSync(folder, { recursive: true, force: true });

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const lines = [];
for (const task of ["prepare", "collect"]) {
  const own = results.filter((each) => each.task === task);
  const ours = median(own[0].seconds);
  lines.push(
    `## ${task[0].toUpperCase()}${task.slice(1)} ${rows.toLocaleString("en-US")} rows of about ${bytes} bytes\n`,
  );
  lines.push("| | time, as a multiple of halfprice's | median s | spread s | peak MB |\n|---|---|---|---|---|");
  for (const { name, seconds, rssMb } of own) {
    const ratio = (median(seconds) / ours).toFixed(2);
    const spread = `${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}`;
    lines.push(
      `| ${name} | ${ratio} | ${median(seconds).toFixed(1)} | ${spread} | ${rssMb === 0 ? "" : Math.round(rssMb)} |`,
    );
  }
  lines.push("");
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release().split("-")[0]}, Node ${process.versions.node}${hasPandas ? `, pandas ${python.stdout.trim()}` : ", no pandas"}`;
const page = `# Benchmark\n\nMade by \`npm run bench -- --rows ${rows} --rounds ${rounds} --bytes ${bytes}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.\nEvery contender is a process of its own; rounds are interleaved; peak memory is that of the process. Seconds of different days or\nmachines say nothing; ratios within a table do.\n\n${lines.join("\n")}`;
writeFileSync(join(here, "results.md"), page);
console.log(page);
