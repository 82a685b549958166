import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BatchWriter } from "../../src/client-batches/batch-writer.ts";
import { batchFolder, groupFile, refusedFile } from "../../src/client-batches/client-batch.ts";
import { ClientModels } from "../../src/client-batches/client-models.ts";
import { makeReadyRequest } from "../../src/client-batches/ready-request.ts";
import { makeFolder } from "../support/folder.ts";

const models = new ClientModels({ region: "us-east-1" });
const requestOf = (id: string, model: string, maxTokens: number) =>
  makeReadyRequest(models.get(model), {
    ...{ id, invocation: "converse" as const },
    bodies: [{ messages: [{ role: "user", content: [{ text: "hi" }] }], inferenceConfig: { maxTokens } }],
  });

it("keeps requests in a table for each model, with what the bodies say together", async () => {
  const workspace = makeFolder();
  const writer = new BatchWriter(workspace, "batch_1");
  writer.add(requestOf("a", "nova-lite", 10));
  writer.add(requestOf("b", "nova-pro", 20));
  writer.refuse("c", { message: "no" });
  writer.add(requestOf("d", "nova-lite", 30));
  expect(await writer.commit("openai", 1, {})).toMatchObject({
    ...{ requestCount: 4, refusedCount: 1, rowCount: 3 },
    groups: [
      { index: 0, clientModel: "nova-lite", rowCount: 2, checked: { maxTokens: 30 } },
      { index: 1, clientModel: "nova-pro", rowCount: 1, checked: { maxTokens: 20 } },
    ],
  });
  const read = (path: string): unknown[] =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  expect(read(groupFile(workspace, "batch_1", { index: 0 }))).toMatchObject([
    { n: 0, id: "a", part: 0, parts: 1, note: "", modelInput: { inferenceConfig: { maxTokens: 10 } } },
    { n: 3, id: "d" },
  ]);
  expect(read(refusedFile(workspace, "batch_1"))).toEqual([{ n: 2, id: "c", error: { message: "no" } }]);
});

it("leaves nothing of a batch that could not be accepted, and says why it could not", async () => {
  const workspace = makeFolder();
  const writer = new BatchWriter(workspace, "batch_2");
  writer.add(requestOf("a", "nova-lite", 10));
  mkdirSync(join(batchFolder(workspace, "batch_2"), "batch.json", "in the way"), { recursive: true });
  await expect(writer.commit("openai", 1, {})).rejects.toThrow(/batch\.json/);
  writer.drop();
  expect(existsSync(batchFolder(workspace, "batch_2"))).toBe(false);
});
