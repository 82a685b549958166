// The whole job on the local service, which runs in a process of its own: halfprice, the plain script, the queue; and the service.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { place, startService } from "./local-service.mjs";
import { startPostgres } from "./postgres.mjs";
import { makeTableOf, median, runRounds } from "./rounds.mjs";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const hook = new URL("./report-peak.mjs", import.meta.url).href;
const model = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const template = "Context: {{context}}\nResponse: {{response}}";

export async function measureWholeRun({ folder, rows, rounds, cases, wants, count, contender, add }) {
  if (!wants("run") && !wants("service")) return;
  const script = (name, service, args) => {
    const ran = spawnSync(process.execPath, ["--max-old-space-size=8192", contender(name), ...args.map(String)], {
      encoding: "utf8",
      env: { ...process.env, ...service.env },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr.slice(-2000)}`);
    return JSON.parse(ran.stdout.trim().split("\n").at(-1));
  };
  const runHalfprice = (service, table) => {
    const home = join(folder, "run-home");
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    const peak = join(home, "peak.json");
    const args = [
      ...["run", table, "--prompt", template, "--model", model, "--max-tokens", "100", "--yes", "--quiet"],
      ...["--endpoint-url", service.url, "--bucket", place.bucket, "--role", place.role, "-o", join(home, "out.csv")],
      ...["--allow-missing", "1000000000"],
    ];
    const ran = spawnSync(process.execPath, ["--import", hook, main, ...args], {
      cwd: home,
      encoding: "utf8",
      env: { ...process.env, ...service.env, BENCH_PEAK: peak },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`halfprice run: ${ran.stdout.slice(-2000)}${ran.stderr.slice(-2000)}`);
    const done = JSON.parse(readFileSync(peak, "utf8"));
    rmSync(home, { recursive: true, force: true });
    return done;
  };

  for (const rowCount of [Math.round(rows / 10), rows]) {
    const made = cases[`${rowCount}/600`];
    if (made === undefined || !wants("run")) continue;
    const work = join(folder, "run-work");
    mkdirSync(work, { recursive: true });
    const isSmall = rowCount < rows;
    const postgres = isSmall ? await startPostgres() : undefined;
    if (isSmall && postgres === undefined)
      console.error(
        "PostgreSQL is not there (Debian: apt-get install postgresql); the queue, which needs it, is skipped",
      );
    const service = await startService(work);
    // The small batches of the queue are its best: it looks at a whole batch again for every record.
    const contenders = [
      { name: "halfprice run", call: () => runHalfprice(service, made.table) },
      { name: "a plain Node script", call: () => script("node-run.mjs", service, [made.table, work, model]) },
    ];
    const results = runRounds(`run ${count(rowCount)}`, contenders, isSmall ? rounds : Math.min(rounds, 3));
    if (postgres !== undefined) {
      const call = () => script("queue-run.mjs", service, [made.table, work, model, postgres.port, 100]);
      results.push(
        ...runRounds(
          `run ${count(rowCount)}`,
          [{ name: "aws-bedrock-batch-inference-queue, batches of 100", call }],
          1,
        ),
      );
      postgres.stop();
    }
    await service.stop();
    add(makeTableOf(`The whole run on the local service, ${count(rowCount)} rows of about 600 bytes`, results));
    if (isSmall && postgres === undefined)
      add("`aws-bedrock-batch-inference-queue` was skipped: it needs a PostgreSQL, and there is none here.\n");
    rmSync(work, { recursive: true, force: true });
  }
  const made = cases[`${rows}/600`];
  if (wants("service") && made !== undefined) {
    const work = join(folder, "service-work");
    const seconds = [];
    let peakMb = 0;
    for (let round = 1; round <= Math.min(rounds, 3); round += 1) {
      mkdirSync(work, { recursive: true });
      const service = await startService(work);
      seconds.push(script("service-job.mjs", service, [join(made.run, "records.jsonl"), model]).seconds);
      peakMb = Math.max(peakMb, await service.stop());
      rmSync(work, { recursive: true, force: true });
      console.error(`round ${round}  service: ${seconds.at(-1).toFixed(1)} s, ${Math.round(peakMb)} MB`);
    }
    const rate = Math.round(rows / median(seconds));
    add(
      `## The local service, one job of ${count(rows)} records\n\n${count(rate)} records a second from Create to Completed (median of ${seconds.length}: ${median(seconds).toFixed(1)} s, ${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}), its own peak memory ${Math.round(peakMb)} MB.\n`,
    );
  }
}
