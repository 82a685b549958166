/** `manifest.json.out`: the sums of a job, members and order as in a real Nova Pro job's (real-answers.md). */
import type { ObjectStore } from "../s3/object-store.ts";
import type { Job, RecordCounts } from "./job.ts";
import { outputKey, parseS3Uri } from "./place.ts";

/** The manifest's text. */
export const makeManifest = ({ total, success, error, inputTokens, outputTokens }: RecordCounts): string =>
  JSON.stringify({
    totalRecordCount: total,
    processedRecordCount: success + error,
    successRecordCount: success,
    errorRecordCount: error,
    inputTokenCount: inputTokens,
    outputTokenCount: outputTokens,
  });

/** Writes it beside the output files. */
export async function writeManifest(objects: ObjectStore, job: Job, counts: RecordCounts): Promise<void> {
  const { bucket } = parseS3Uri(job.output.s3Uri);
  const bytes = Buffer.from(makeManifest(counts), "utf8");
  await objects.write(
    bucket,
    outputKey(job.output.s3Uri, job.id, "manifest.json.out"),
    (async function* () {
      yield bytes;
    })(),
  );
}
