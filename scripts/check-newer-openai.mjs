// A whole flow of OpenAI's newer client, which wants Node 22, against `serve` on the local service: called by smoke-node.mjs with the folder
// that has the client.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { startServe } from "../build/serve/start-serve.js";
import { startLocal } from "../dist/local/index.js";

const [folder = ""] = process.argv.slice(2);
const from = createRequire(join(folder, "package.json"));
const { default: OpenAI, toFile } = await import(pathToFileURL(from.resolve("openai")).href);
const { version } = JSON.parse(readFileSync(join(folder, "node_modules/openai/package.json"), "utf8"));

const root = mkdtempSync(join(tmpdir(), "halfprice-openai-"));
const workspace = join(root, ".halfprice");
const local = await startLocal({ dataDir: join(workspace, "local"), speed: 20_000, seed: 1 });
const server = await startServe({
  session: { workspace, local: true },
  run: {},
  port: 0,
  mapped: new Map([["gpt-4o-mini", "nova-lite"]]),
});
try {
  const openai = new OpenAI({ apiKey: "any", baseURL: `${server.url}/v1` });
  const begin = async (bodies) => {
    const lines = bodies.map((body, n) =>
      JSON.stringify({ custom_id: `r${n}`, method: "POST", url: "/v1/chat/completions", body }),
    );
    const file = await openai.files.create({
      file: await toFile(Buffer.from(lines.join("\n")), "in.jsonl"),
      purpose: "batch",
    });
    return openai.batches.create({
      ...{ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" },
      metadata: { from: "newer client" },
    });
  };
  const end = async (id) => {
    for (let times = 0; times < 600; times += 1) {
      const batch = await openai.batches.retrieve(id);
      if (["completed", "failed", "expired", "cancelled"].includes(batch.status)) return batch;
      await sleep(100);
    }
    throw new Error(`${id} did not end`);
  };
  const read = async (id) =>
    (await (await openai.files.content(id)).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const ask = (content, more = {}) => ({ model: "gpt-4o-mini", messages: [{ role: "user", content }], ...more });

  const texts = Array.from({ length: 120 }, (_, n) => ask(`Kettle ${n}`));
  const batch = await end((await begin([...texts, ask("too hot", { temperature: 3 })])).id);
  assert.equal(batch.status, "completed");
  assert.deepEqual(batch.request_counts, { total: 121, completed: 120, failed: 1 });
  assert.equal((await read(batch.output_file_id)).length, 120);
  assert.equal((await read(batch.error_file_id))[0].custom_id, "r120");
  const all = await end((await begin([ask("x", { temperature: 3 })])).id);
  assert.equal(all.output_file_id ?? null, null);
  const cancelled = await openai.batches.cancel((await begin(texts)).id);
  assert.ok(["cancelled", "completed"].includes((await end(cancelled.id)).status));
  const listed = [];
  for await (const each of openai.batches.list({ limit: 1 })) listed.push(each);
  assert.equal(listed.length, 3);
  assert.ok(listed.every(({ metadata }) => metadata.from === "newer client"));
  await assert.rejects(() => openai.batches.retrieve("batch_nothere"), OpenAI.NotFoundError);
  console.error(`openai ${version} on Node ${process.version}: ok`);
} finally {
  await server.close();
  await local.close();
  rmSync(root, { recursive: true, force: true });
}
