/** The message of a job that a fault lets fail: one of a known name, filled in, or the text itself. */
import { runMessages, validationMessages } from "../../faults/known-errors.ts";
import type { Job } from "../job.ts";
import { baseName, parseS3Uri } from "../place.ts";

export function fillMessage(message: string, job: Job): string {
  const template = validationMessages[message] ?? runMessages[message] ?? message;
  const { bucket, key } = parseS3Uri(job.input.s3Uri);
  const values: Readonly<Record<string, string>> = {
    arn: job.arn,
    input: job.input.s3Uri,
    bucket,
    key,
    file: baseName(key),
    model: job.modelId,
  };
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
