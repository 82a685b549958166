import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BatchWorker } from "../../src/client-batches/batch-worker.ts";
import { BatchWriter } from "../../src/client-batches/batch-writer.ts";
import { findBatch } from "../../src/client-batches/client-batch.ts";
import { ClientModels } from "../../src/client-batches/client-models.ts";
import { makeReadyRequest } from "../../src/client-batches/ready-request.ts";
import { openRun } from "../../src/index.ts";
import { makeFolder } from "../support/folder.ts";

it("writes the reports of a batch that ended in a process that was killed before their time", async () => {
  const workspace = join(makeFolder(), ".halfprice");
  const session = { workspace, local: true as const };
  const writer = new BatchWriter(workspace, "batch_late");
  const body = { messages: [{ role: "user", content: [{ text: "hi" }] }], inferenceConfig: { maxTokens: 10 } };
  const model = new ClientModels({ region: "us-east-1" }).get("nova-lite");
  writer.add(makeReadyRequest(model, { id: "a", bodies: [body], invocation: "converse" }));
  await writer.commit("openai", 1, {});
  const killed = new BatchWorker(workspace, { session, run: {}, reportsAfterMs: 1_000_000 });
  let batch = await killed.advance("batch_late");
  while (batch.endedAt === undefined) batch = await killed.advance("batch_late");
  const run = await openRun("batch_late-0", session);
  expect(existsSync(run.files.report)).toBe(false);
  expect(findBatch(workspace, "batch_late")).toMatchObject({ awaitsReports: true });

  const next = new BatchWorker(workspace, { session, run: {}, reportsAfterMs: 1_000_000 });
  next.resumeReports();
  await next.settle();
  expect(existsSync(run.files.report)).toBe(true);
  expect(findBatch(workspace, "batch_late")).not.toHaveProperty("awaitsReports");
});
