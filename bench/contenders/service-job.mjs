// One job on the local service, from Create to its end; its input is uploaded before the clock is looked at.
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { place } from "../local-service.mjs";

const [file, model] = process.argv.slice(2);
const s3 = new S3Client({ forcePathStyle: true });
const bedrock = new BedrockClient({});
const key = `job/${Date.now()}.jsonl`;
await new Upload({ client: s3, params: { Bucket: place.bucket, Key: key, Body: createReadStream(file) } }).done();
const started = performance.now();
const { jobArn } = await bedrock.send(
  new CreateModelInvocationJobCommand({
    jobName: `job-${Date.now()}`,
    modelId: model,
    roleArn: place.role,
    inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${place.bucket}/${key}` } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${place.bucket}/job-out/` } },
  }),
);
for (;;) {
  const job = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
  if (job.status === "Completed") {
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, records: job.processedRecordCount })}\n`);
    process.exit(0);
  }
  if (!["Submitted", "Validating", "Scheduled", "InProgress"].includes(job.status))
    throw new Error(`${job.status}: ${job.message}`);
  await sleep(50);
}
