// Kills `halfprice serve` at random while OpenAI's and Anthropic's clients send it batches. No accepted batch may be lost, every request has
// to have one result, and the service may have one job for each run of the ledger: nothing is paid twice. `npm run soak -- --serve --kills 50`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import { BedrockClient, paginateListModelInvocationJobs } from "@aws-sdk/client-bedrock";
import OpenAI, { toFile } from "openai";
import { listRuns } from "../dist/index.js";
import { startLocal } from "../dist/local/index.js";
import { makeRandom } from "./soak-random.mjs";

const requestCount = 8;
const cli = fileURLToPath(new URL("../dist/cli/halfprice.js", import.meta.url));

/** @returns {Promise<boolean>} whether nothing was lost and nothing paid twice */
export async function soakServe({ kills, seed }) {
  const random = makeRandom(seed);
  const root = mkdtempSync(join(tmpdir(), "halfprice-soak-serve-"));
  const workspace = join(root, ".halfprice");
  const server = await startLocal({
    dataDir: join(workspace, "local"),
    speed: 20_000,
    seed,
    quotas: ["min-records=1", "jobs-in-flight=1000"],
  });
  const accepted = { openai: new Set(), anthropic: new Set() };
  const port = 20_000 + Math.floor(random() * 20_000);
  const openai = new OpenAI({ apiKey: "any", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0, timeout: 20_000 });
  const anthropic = new Anthropic({
    apiKey: "any",
    baseURL: `http://127.0.0.1:${port}`,
    maxRetries: 0,
    timeout: 20_000,
  });
  const sending = new AbortController();
  let number = 0;
  const send = async () => {
    while (!sending.signal.aborted) {
      number += 1;
      const texts = Array.from({ length: requestCount }, (_, index) => `batch ${number}, request ${index}`);
      try {
        if (number % 2 === 0) {
          const requests = texts.map((content, index) => ({
            custom_id: `r${index}`,
            params: { model: "claude-haiku-4.5", max_tokens: 50, messages: [{ role: "user", content }] },
          }));
          accepted.anthropic.add((await anthropic.messages.batches.create({ requests })).id);
        } else {
          const lines = texts.map((content, index) =>
            JSON.stringify({
              ...{ custom_id: `r${index}`, method: "POST", url: "/v1/chat/completions" },
              body: { model: "nova-lite", messages: [{ role: "user", content }] },
            }),
          );
          const file = await openai.files.create({
            file: await toFile(Buffer.from(lines.join("\n")), "in.jsonl"),
            purpose: "batch",
          });
          const options = { endpoint: "/v1/chat/completions", completion_window: "24h" };
          accepted.openai.add((await openai.batches.create({ input_file_id: file.id, ...options })).id);
        }
      } catch {
        // The server was killed: what it had not answered, nobody was promised.
      }
      await sleep(50 + random() * 150);
    }
  };
  const start = () =>
    spawn(process.execPath, [cli, "serve", "--local", "--workspace", workspace, "--port", String(port), "--quiet"], {
      stdio: ["ignore", "ignore", "inherit"],
      cwd: root,
    });
  const sent = send();
  for (let kill = 1; kill <= kills; kill += 1) {
    const child = start();
    const gone = new Promise((resolve) => child.once("close", resolve));
    await sleep(1200 + random() * 4000);
    child.kill("SIGKILL");
    await gone;
  }
  sending.abort();
  await sent;
  const last = start();
  const problems = [];
  try {
    await waitUntilUp(port);
    for (const id of accepted.openai) await checkOpenAi(openai, id, problems);
    for (const id of accepted.anthropic) await checkAnthropic(anthropic, id, problems);
  } finally {
    last.kill("SIGTERM");
    await new Promise((resolve) => last.once("close", resolve));
  }
  const runs = await listRuns({ workspace, local: true });
  const names = runs.map(({ name }) => name);
  if (new Set(names).size < names.length) problems.push("two runs have one name");
  const client = new BedrockClient({
    ...{ endpoint: server.url, region: "us-east-1" },
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  let jobCount = 0;
  for await (const page of paginateListModelInvocationJobs({ client }, {}))
    jobCount += page.invocationJobSummaries?.length ?? 0;
  if (jobCount !== runs.length) problems.push(`${runs.length} runs have ${jobCount} jobs`);
  await server.close();
  const counts = `${accepted.openai.size} batches of OpenAI's client and ${accepted.anthropic.size} of Anthropic's`;
  console.log(
    `${kills} kills, ${counts} accepted, ${runs.length} runs, ${jobCount} jobs, ${problems.length} problems (seed ${seed})`,
  );
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
  if (problems.length === 0) rmSync(root, { recursive: true, force: true });
  return problems.length === 0;
}

async function waitUntilUp(port) {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
}

async function checkOpenAi(openai, id, problems) {
  for (;;) {
    const batch = await openai.batches.retrieve(id).catch((error) => ({ status: "lost", error }));
    if (["validating", "in_progress", "finalizing"].includes(batch.status)) await sleep(100);
    else {
      const text = batch.output_file_id ? await (await openai.files.content(batch.output_file_id)).text() : "";
      const ids = new Set(text.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line).custom_id)));
      const { total, completed } = batch.request_counts ?? {};
      if (
        batch.status !== "completed" ||
        ids.size !== requestCount ||
        total !== requestCount ||
        completed !== requestCount
      )
        problems.push(`${id}: ${batch.status}, ${ids.size} results, ${completed} of ${total} ${batch.error ?? ""}`);
      return;
    }
  }
}

async function checkAnthropic(anthropic, id, problems) {
  for (;;) {
    const batch = await anthropic.messages.batches
      .retrieve(id)
      .catch((error) => ({ processing_status: "lost", error }));
    if (batch.processing_status === "in_progress") await sleep(100);
    else {
      const ids = new Set();
      if (batch.results_url)
        for await (const line of await anthropic.messages.batches.results(id)) ids.add(line.custom_id);
      if (ids.size !== requestCount || batch.request_counts?.succeeded !== requestCount)
        problems.push(`${id}: ${batch.processing_status}, ${ids.size} results ${batch.error ?? ""}`);
      return;
    }
  }
}
