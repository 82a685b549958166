// The plain way, whole: read the CSV, write JSONL, upload, one job, poll, download, join in memory, write a CSV. No checks, no
// names by content, no ledger, no cost; nothing is taken up again if it fails.
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import Papa from "papaparse";
import { place } from "../local-service.mjs";
import { finish } from "../measure.mjs";

const [table, folder, model] = process.argv.slice(2);
const file = `${folder}/plain.jsonl`;
const rowsOf = () =>
  createReadStream(table, { highWaterMark: 1024 * 1024 }).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }));

const lines = createWriteStream(file, { highWaterMark: 4 * 1024 * 1024 });
let count = 0;
let chunk = "";
for await (const { context, response } of rowsOf()) {
  const text = `Context: ${context}\nResponse: ${response}`;
  const modelInput = {
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 100,
    messages: [{ role: "user", content: [{ type: "text", text }] }],
  };
  chunk += `${JSON.stringify({ recordId: `REC${String(count).padStart(9, "0")}`, modelInput })}\n`;
  count += 1;
  if (chunk.length > 1_000_000) {
    if (!lines.write(chunk)) await once(lines, "drain");
    chunk = "";
  }
}
lines.end(chunk);
await finished(lines);

const s3 = new S3Client({ forcePathStyle: true });
const bedrock = new BedrockClient({});
const key = `plain/${Date.now()}.jsonl`;
await new Upload({ client: s3, params: { Bucket: place.bucket, Key: key, Body: createReadStream(file) } }).done();
const { jobArn } = await bedrock.send(
  new CreateModelInvocationJobCommand({
    jobName: `plain-${Date.now()}`,
    modelId: model,
    roleArn: place.role,
    inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${place.bucket}/${key}` } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${place.bucket}/plain-out/` } },
  }),
);
for (;;) {
  const { status, message } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
  if (status === "Completed") break;
  if (!["Submitted", "Validating", "Scheduled", "InProgress"].includes(status))
    throw new Error(`${status}: ${message}`);
  await sleep(100);
}
const output = `plain-out/${jobArn.split("/").at(-1)}/${key.split("/").at(-1)}.out`;
const { Body } = await s3.send(new GetObjectCommand({ Bucket: place.bucket, Key: output }));
const answers = new Map();
for await (const line of createInterface({ input: Body })) {
  const { recordId, modelOutput, error } = JSON.parse(line);
  answers.set(recordId, [
    modelOutput?.content[0].text ?? "",
    modelOutput?.usage.input_tokens ?? "",
    error?.errorMessage ?? "",
  ]);
}
const out = createWriteStream(`${folder}/plain.csv`, { highWaterMark: 4 * 1024 * 1024 });
const quote = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
let row = 0;
chunk = "";
for await (const { id, context, response } of rowsOf()) {
  const answer = answers.get(`REC${String(row).padStart(9, "0")}`) ?? [];
  chunk += `${[id, context, response, ...answer].map(quote).join(",")}\n`;
  row += 1;
  if (chunk.length > 1_000_000) {
    if (!out.write(chunk)) await once(out, "drain");
    chunk = "";
  }
}
out.end(chunk);
await finished(out);
if (answers.size !== count) throw new Error(`${answers.size} answers for ${count} records`);
finish({ records: count });
