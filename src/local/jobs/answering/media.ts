/**
 * Media that records name by their place in S3 (Nova, Converse: `source.s3Location.uri`). They must lie in the input's bucket
 * and folder, and the input must be that folder (sources#media). Words unconfirmed.
 */
import { isObject } from "../../models/family.ts";
import type { ObjectStore } from "../../s3/object-store.ts";
import type { Job } from "../job.ts";
import { parseS3Uri } from "../place.ts";

/** Whether a body may name media: most do not, and need no further look. */
export const mayNameMedia = (modelInput: string): boolean => modelInput.includes('"s3Location"');

function* findUris(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* findUris(item);
  else if (isObject(value)) {
    const location = value["s3Location"];
    if (isObject(location) && typeof location["uri"] === "string") yield location["uri"];
    else for (const item of Object.values(value)) yield* findUris(item);
  }
}

/** Why a record's media cannot be used, or undefined. */
export async function findMediaProblem(body: unknown, job: Job, objects: ObjectStore): Promise<string | undefined> {
  const { s3Uri } = job.input;
  const folder = s3Uri.endsWith("/") ? s3Uri : `${s3Uri}/`;
  for (const uri of findUris(body)) {
    if (s3Uri.endsWith(".jsonl") || !uri.startsWith(folder)) {
      return `The provided S3 location ${uri} is not in the folder of the batch job's input data.`;
    }
    const { bucket, key } = parseS3Uri(uri);
    if ((await objects.find(bucket, key)) === undefined) return `Could not find the S3 object at ${uri}.`;
  }
  return undefined;
}
