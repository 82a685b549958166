import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI, { toFile } from "openai";
import { describe, expect, it, vi } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { type ServeServer, startServe } from "../../src/serve/start-serve.ts";
import { makeFolder } from "../support/folder.ts";
import { placeOn } from "../support/local-place.ts";

/** A server on a machine that has the copies of a folder. */
async function serveOn(url: string, place: { bucket: string; roleArn: string }, copies: string): Promise<ServeServer> {
  vi.stubEnv("HALFPRICE_COPIES", copies);
  const { bucket, roleArn } = place;
  const aws = { credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  return startServe({
    session: { workspace: `s3://${bucket}/clients`, region: "us-east-1", endpointUrl: url, bucket, role: roleArn, aws },
    run: {},
    port: 0,
    mapped: new Map([["gpt-4o-mini", "nova-lite"]]),
  });
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("serve on a workspace on S3", () => {
  it("goes on with accepted batches on another machine, and has files and results there", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    const folder = makeFolder();
    const local = await startLocal({ dataDir: join(folder, "aws"), speed: 20_000, seed: 1 });
    const place = await placeOn(local, { bucket: "clients-bucket" });
    const first = await serveOn(local.url, place, join(folder, "first"));
    const openai = new OpenAI({ apiKey: "any", baseURL: `${first.url}/v1`, maxRetries: 0 });
    const lines = Array.from({ length: 120 }, (_, n) => ({
      custom_id: `r${n}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "gpt-4o-mini", messages: [{ role: "user", content: `text ${n}` }] },
    }));
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const file = await openai.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
    const accepted = await openai.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { team: "one" },
    });
    const anthropic = new Anthropic({ apiKey: "any", baseURL: first.url, maxRetries: 0 });
    const message = await anthropic.messages.batches.create({
      requests: Array.from({ length: 110 }, (_, n) => ({
        custom_id: `m${n}`,
        params: { model: "claude-haiku-4.5", max_tokens: 20, messages: [{ role: "user", content: `say ${n}` }] },
      })),
    });
    // Whatever it has got to: another machine has no copy of anything.
    await first.close();
    const second = await serveOn(local.url, place, join(folder, "second"));
    const other = new OpenAI({ apiKey: "any", baseURL: `${second.url}/v1`, maxRetries: 0 });
    for (;;) {
      const batch = await other.batches.retrieve(accepted.id);
      if (batch.status !== "completed") {
        await pause();
        continue;
      }
      expect(batch).toMatchObject({ metadata: { team: "one" }, request_counts: { total: 120, completed: 120 } });
      const output = await (await other.files.content(batch.output_file_id ?? "")).text();
      expect(output.trim().split("\n")).toHaveLength(120);
      expect((await (await other.files.content(file.id)).text()).length).toBe(text.length);
      break;
    }
    const messages = new Anthropic({ apiKey: "any", baseURL: second.url, maxRetries: 0 });
    while ((await messages.messages.batches.retrieve(message.id)).processing_status !== "ended") await pause();
    const ids = new Set<string>();
    for await (const { custom_id: id } of await messages.messages.batches.results(message.id)) ids.add(id);
    expect(ids.size).toBe(110);
    await second.close();
    await local.close();
    vi.unstubAllEnvs();
  });
});
