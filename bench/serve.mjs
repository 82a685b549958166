// 100,000 requests of a client through `halfprice serve`, beside `halfprice run` of the same rows: whole processes at one local service, in turn.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, openAsBlob, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { place, startService } from "./local-service.mjs";
import { median } from "./rounds.mjs";

const command = fileURLToPath(new URL("../dist/cli/halfprice.js", import.meta.url));
const model = "nova-lite";
const lookMs = 100;

const textOf = (index, round) =>
  `Review ${index} of round ${round}: ${"the room was clean and the host was kind. ".repeat(8)}`;

async function writeLines(path, count, toLine) {
  const file = createWriteStream(path);
  for (let at = 0; at < count; at += 1)
    if (!file.write(toLine(at))) await new Promise((resolve) => file.once("drain", resolve));
  await new Promise((resolve) => file.end(resolve));
}

function runOnce(service, home, table) {
  const started = performance.now();
  const args = [
    ...[
      "run",
      table,
      "--prompt",
      "{{text}}",
      "--model",
      model,
      "--max-tokens",
      "100",
      "--yes",
      "--quiet",
      "--full-refresh",
    ],
    ...["--endpoint-url", service.url, "--bucket", place.bucket, "--role", place.role, "-o", join(home, "out.jsonl")],
  ];
  const ran = spawnSync(process.execPath, [command, ...args], {
    cwd: home,
    encoding: "utf8",
    env: { ...process.env, ...service.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`halfprice run: ${ran.stderr.slice(-2000)}`);
  return (performance.now() - started) / 1000;
}

async function startServe(service, home) {
  const args = ["serve", "--port", "0", "--endpoint-url", service.url, "--bucket", place.bucket, "--role", place.role];
  const child = spawn(process.execPath, [command, ...args], {
    cwd: home,
    env: { ...process.env, ...service.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  const url = await new Promise((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`halfprice serve ended with ${code}`)));
    child.stderr.on("data", (chunk) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
  });
  return { url, stop: () => new Promise((resolve) => child.once("close", resolve) && child.kill("SIGTERM")) };
}

async function serveOnce({ url }, file) {
  const started = performance.now();
  const form = new FormData();
  form.set("purpose", "batch");
  form.set("file", await openAsBlob(file), "in.jsonl");
  const call = async (path, init) => {
    const response = await fetch(`${url}/v1${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const { id } = await (await call("/files", { method: "POST", body: form })).json();
  const body = JSON.stringify({ input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" });
  const headers = { "content-type": "application/json" };
  const made = await (await call("/batches", { method: "POST", headers, body })).json();
  for (;;) {
    const batch = await (await call(`/batches/${made.id}`)).json();
    if (batch.status === "failed" || batch.status === "expired") throw new Error(JSON.stringify(batch));
    if (batch.status === "completed") {
      const output = await (await call(`/files/${batch.output_file_id}/content`)).text();
      return { seconds: (performance.now() - started) / 1000, lines: output.trim().split("\n").length };
    }
    await sleep(lookMs);
  }
}

/** @returns the table as Markdown */
export async function measureServe(folder, count, rounds) {
  const home = join(folder, "serve-home");
  const work = join(folder, "serve-work");
  mkdirSync(home, { recursive: true });
  mkdirSync(work, { recursive: true });
  const service = await startService(work);
  const seconds = { run: [], serve: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const table = join(home, "table.csv");
      await writeLines(table, count + 1, (at) => (at === 0 ? "text\n" : `"${textOf(at, round)}"\n`));
      seconds.run.push(runOnce(service, home, table));
      const file = join(home, "in.jsonl");
      await writeLines(file, count, (at) => {
        const messages = [{ role: "user", content: textOf(at + 1, round) }];
        const body = { model, max_tokens: 100, messages };
        return `${JSON.stringify({ custom_id: `r${at}`, method: "POST", url: "/v1/chat/completions", body })}\n`;
      });
      const server = await startServe(service, home);
      const done = await serveOnce(server, file);
      await server.stop();
      if (done.lines !== count) throw new Error(`${done.lines} of ${count} results`);
      seconds.serve.push(done.seconds);
      rmSync(join(home, ".halfprice"), { recursive: true, force: true });
      console.error(`round ${round}  run ${seconds.run.at(-1).toFixed(1)} s, serve ${done.seconds.toFixed(1)} s`);
    }
  } finally {
    await service.stop();
  }
  const [run, serve] = [median(seconds.run), median(seconds.serve)];
  return `| ${count.toLocaleString("en-US")} requests of about 330 bytes | median | of run |
| --- | ---: | ---: |
| \`halfprice run\`, CSV to JSON Lines | ${run.toFixed(1)} s | 1 |
| through \`halfprice serve\`: upload, batch, results | ${serve.toFixed(1)} s | ${(serve / run).toFixed(2)} |`;
}

/** Writes the page of these figures. */
export function writeServePage(path, machine, table) {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(
    path,
    `# Through serve\n\nMade by \`npm run bench -- --only serve\` on ${day}: ${machine}. Both are whole processes at one local service, in turn; a server\nlooks at its batches every 200 ms to 20 s, as a run does at its jobs. Seconds of different days or machines say nothing; the ratio does.\n\n${table}\n`,
  );
}
