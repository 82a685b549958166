/** `manifest.json.out`: the sums of a job, members and order as in a real Nova Pro job's (sources#manifest). */
import type { JobFault } from "../faults/fault-plan.ts";
import type { ObjectStore } from "../s3/object-store.ts";
import type { Job, RecordCounts } from "./job.ts";
import { outputKey, parseS3Uri } from "./place.ts";

/** The manifest's members. */
const sumUp = ({ total, success, error, inputTokens, outputTokens }: RecordCounts): Record<string, number> => ({
  totalRecordCount: total,
  processedRecordCount: success + error,
  successRecordCount: success,
  errorRecordCount: error,
  inputTokenCount: inputTokens,
  outputTokenCount: outputTokens,
});

/** Writes it beside the output files, or what a fault makes of it. */
export async function writeManifest(
  objects: ObjectStore,
  job: Job,
  counts: RecordCounts,
  fault: JobFault["manifest"],
  kmsKey?: string,
): Promise<void> {
  if (fault === "missing") return;
  const text = JSON.stringify({ ...sumUp(counts), ...(typeof fault === "object" ? fault : {}) });
  const bytes = Buffer.from(fault === "broken" ? text.slice(0, text.length / 2) : text, "utf8");
  const { bucket } = parseS3Uri(job.output.s3Uri);
  await objects.write(
    bucket,
    outputKey(job.output.s3Uri, job.id, "manifest.json.out"),
    (async function* () {
      yield bytes;
    })(),
    kmsKey,
  );
}
