// What a person waits for in the console, over a table of a million rows: the server is the command, a process of its own.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { defineBatch, rows as rowsOf, runBatch } from "../dist/index.js";

const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** The 95th percentile. */
const p95 = (times) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * 0.95))] ?? 0;

/** Two runs of a few rows on the local service, whose tables are then those of `count` rows. */
async function makeRuns(folder, count) {
  const workspace = join(folder, "console");
  mkdirSync(folder, { recursive: true });
  const output = {
    type: "object",
    properties: { label: { enum: ["good", "bad", "mixed", "other"] } },
    required: ["label"],
  };
  const input = Array.from({ length: 120 }, (_, index) => ({ id: index, text: `text ${index}` }));
  const ids = [];
  for (const question of ["Judge", "Is it good"]) {
    const batch = defineBatch({ input: rowsOf(input), model: "nova-lite", output, prompt: `${question}: {{text}}` });
    const run = await runBatch(batch, { local: true, workspace });
    const engine = await (await DuckDBInstance.create(":memory:")).connect();
    const file = run.files.results;
    // About 600 bytes a row; one row in fifty has no answer, and the second run differs in one of ten.
    const seed = ids.length;
    await engine.run(`
      COPY (
        SELECT i::BIGINT AS id,
          (SELECT string_agg(md5(concat(i, ':', k)), ' ') FROM range(15) t(k)) AS text,
          CASE WHEN hash(i) % 50 = 0 THEN NULL ELSE ['good', 'bad', 'mixed', 'other'][1 + ((hash(i) + CASE WHEN ${seed} = 1 AND hash(i + 7) % 10 = 0 THEN 1 ELSE 0 END) % 4)::INTEGER] END AS label,
          CASE WHEN hash(i) % 50 = 0 THEN 'truncated' ELSE 'answered' END AS _halfprice_outcome, 'end_turn' AS _halfprice_stop_reason,
          (100 + hash(i) % 300)::INTEGER AS _halfprice_input_tokens, 12::INTEGER AS _halfprice_output_tokens, 0.0001 AS _halfprice_cost_usd,
          NULL::VARCHAR AS _halfprice_error, md5(i::VARCHAR) AS _halfprice_record_id, NULL::VARCHAR AS _halfprice_raw
        FROM range(${count}) t(i)
      ) TO '${file}.tmp' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)`);
    engine.closeSync();
    cpSync(`${file}.tmp`, file);
    rmSync(`${file}.tmp`);
    ids.push(run.id);
  }
  return { workspace, ids };
}

async function startConsole(workspace) {
  const child = spawn(
    process.execPath,
    [command, "console", "--local", "--workspace", workspace, "--port", "0", "--json", "--quiet"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  const url = await new Promise((resolve) => {
    child.stdout.on("data", (data) => {
      text += data;
      try {
        resolve(JSON.parse(text).url);
      } catch {
        // There is more to come.
      }
    });
  });
  const entered = await fetch(url, { redirect: "manual" });
  const cookie = entered.headers.get("set-cookie").split(";")[0];
  const post = async (path, body) => {
    const headers = { cookie, "content-type": "application/json" };
    const response = await fetch(new URL(path, url), { method: "POST", headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return { child, post };
}

/** The process's peak of resident memory, in bytes. */
const peakOf = ({ pid }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;

async function time(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** @param rounds of each figure; numbers that come at random are the same in every run */
export async function measureConsole(folder, count, rounds) {
  console.error(`making two runs of ${count.toLocaleString("en-US")} rows …`);
  const { workspace, ids } = await makeRuns(folder, count);
  const figures = { first: [], window: [], label: [], outcome: [], text: [], compare: [] };
  const peaks = [];
  // What the page asks for until somebody shows more.
  const columns = ["id", "text", "label", "_halfprice_outcome"];
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let round = 0; round < rounds; round += 1) {
    const { child, post } = await startConsole(workspace);
    const rows = (from, filter, taken = 100) =>
      post(`/api/runs/${ids[0]}/rows`, { from, count: taken, filter, columns });
    figures.first.push(await time(() => rows(0, {})));
    // A person scrolls: neighbouring windows mostly, and a jump now and then.
    let from = 0;
    for (let step = 0; step < 60; step += 1) {
      from = step % 10 === 9 ? Math.floor((random() * (count - 200)) / 100) * 100 : Math.min(count - 200, from + 100);
      figures.window.push(await time(() => rows(from, {})));
    }
    for (const label of ["good", "bad", "mixed", "other"])
      figures.label.push(await time(() => rows(0, { equals: { label } })));
    figures.outcome.push(await time(() => rows(0, { outcomes: ["truncated"] })));
    figures.outcome.push(await time(() => rows(0, { outcomes: ["answered"] })));
    for (let step = 0; step < 4; step += 1) {
      const text = Math.floor(random() * 4096)
        .toString(16)
        .padStart(3, "0");
      figures.text.push(await time(() => rows(0, { text })));
    }
    const compared = { one: ids[0], other: ids[1], answer: "label", from: 0, count: 100 };
    figures.compare.push(await time(() => post("/api/compare/rows", compared)));
    peaks.push(peakOf(child));
    child.kill("SIGTERM");
    await new Promise((resolve) => child.on("close", resolve));
  }
  rmSync(workspace, { recursive: true, force: true });
  const line = (name, times, bound) => `| ${name} | ${p95(times).toFixed(0)} ms | ${bound} | ${times.length} |`;
  return [
    `| a person waits for | 95th percentile | bound | measured |`,
    `|---|---|---|---|`,
    line("the first 100 rows, the table not open yet", figures.first, "1 s"),
    line("the next window of 100 rows, one of ten a jump", figures.window, "50 ms"),
    line("a filter by label, its count and first rows", figures.label, "150 ms"),
    line("a filter by outcome, the same", figures.outcome, "150 ms"),
    line("the first matches of a text", figures.text, "300 ms"),
    line("the rows in which two runs differ", figures.compare, "2 s"),
    ``,
    `Peak memory of the console: ${Math.round(Math.max(...peaks) / 1e6)} MB (bound: 500).`,
  ].join("\n");
}

/** Writes the page of these figures. */
export function writeConsolePage(path, machine, count, table) {
  writeFileSync(
    path,
    `# What a person waits for in the console\n\nMade by \`npm run bench -- --only console\` on ${new Date().toISOString().slice(0, 10)}: ${machine}; ${count.toLocaleString("en-US")} rows of about 600 bytes.\n\n${table}\n`,
  );
}
