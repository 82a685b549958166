// The queue on npm, aws-bedrock-batch-inference-queue: its records from the CSV in batches, its jobs awaited, its results joined.
// It looks at the whole batch again for every record that is added, so small batches are its best.
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import queueModule from "aws-bedrock-batch-inference-queue";
import Papa from "papaparse";
import { place } from "../local-service.mjs";
import { finish } from "../measure.mjs";

const [table, folder, model, port, batchSize] = process.argv.slice(2);
const queue = new queueModule.BedrockQueue({
  accessKeyId: "bench",
  secretAccessKey: "bench",
  region: "us-east-1",
  roleArn: place.role,
  s3InputBucket: place.bucket,
  s3InputPrefix: "queue/in/",
  s3OutputBucket: place.bucket,
  s3OutputPrefix: "queue/out/",
  dbHost: "127.0.0.1",
  dbPort: Number(port),
  dbName: "postgres",
  dbUser: "bench",
  dbPassword: "",
  modelId: model,
  jobType: "retrieval-summary",
  batchSize: Number(batchSize),
  pollIntervalMs: 100,
  enableAutoPolling: false,
});
await queue.initialize();
const jobs = [];
queue.on("batch-flushed", (jobId) => jobs.push(queue.awaitJob(jobId)));
queue.on("error", (error) => {
  throw error;
});
const rows = [];
for await (const row of createReadStream(table).pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }))) {
  const text = `Context: ${row.context}\nResponse: ${row.response}`;
  await queue.enqueue({
    recordId: `REC${String(rows.length).padStart(9, "0")}`,
    modelInput: {
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 100,
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    },
  });
  rows.push(row);
}
if (queue.getQueueSize() > 0) await queue.flush();
// It keeps at most one file of a job in mind at a time only if its results are read as they come.
const answers = new Map();
for (const job of await Promise.all(jobs)) {
  for (const { recordId, modelOutput } of job.results ?? []) answers.set(recordId, modelOutput?.content[0].text ?? "");
}
if (answers.size !== rows.length) throw new Error(`${answers.size} answers for ${rows.length} records`);
const quote = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
const out = createWriteStream(`${folder}/queue.csv`);
for (const [index, { id, context, response }] of rows.entries()) {
  out.write(`${[id, context, response, answers.get(`REC${String(index).padStart(9, "0")}`)].map(quote).join(",")}\n`);
}
out.end();
await finished(out);
await queue.close();
finish({ records: rows.length });
