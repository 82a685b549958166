import { afterEach, beforeEach, expect, it } from "vitest";
import { type JobBench, makeInput, makeJobBench } from "../../bedrock/job-bench.ts";

let jobs: JobBench;
beforeEach(async () => {
  jobs = await makeJobBench();
  jobs.bench.objects.put("bucket", "videos/v1.mp4", "not really");
  jobs.bench.objects.put("bucket", "elsewhere/v2.mp4", "not really");
});
afterEach(() => jobs.close());

const body = (uri: string) => ({
  messages: [
    {
      role: "user",
      content: [{ text: "What is this?" }, { video: { format: "mp4", source: { s3Location: { uri } } } }],
    },
  ],
});
const uris = ["s3://bucket/videos/v1.mp4", "s3://bucket/videos/V1.mp4", "s3://bucket/elsewhere/v2.mp4"];

const run = async (s3Uri: string): Promise<(string | undefined)[]> => {
  jobs.bench.objects.put(
    "bucket",
    "videos/a.jsonl",
    makeInput(102, (index) => body(uris[index % 3] ?? "")),
  );
  const { jobArn = "" } = await jobs.finish({
    modelId: "amazon.nova-lite-v1:0",
    inputDataConfig: { s3InputDataConfig: { s3Uri } },
  });
  const output = jobs.output(jobArn);
  return [0, 1, 2].map((index) => output.find(({ recordId }) => recordId === `rec_${index}`)?.error?.errorMessage);
};

it("media beside the input are found, in the very spelling of their key, and in that folder only", async () => {
  expect(await run("s3://bucket/videos/")).toEqual([
    undefined,
    "Could not find the S3 object at s3://bucket/videos/V1.mp4.",
    "The provided S3 location s3://bucket/elsewhere/v2.mp4 is not in the folder of the batch job's input data.",
  ]);
});

it("media are not found where the input is named as a file", async () => {
  expect(await run("s3://bucket/videos/a.jsonl")).toEqual(
    uris.map((uri) => `The provided S3 location ${uri} is not in the folder of the batch job's input data.`),
  );
});
