/** The model that a job asks, as it was when the job was made. */
import { findReference, type ModelReference } from "../models/answers/reference.ts";
import type { Job } from "./job.ts";

/** Undefined where the model is no longer known: in a data folder from another version. */
export function findJobModel(
  { modelArn, modelId, sourceModelArn: source, region }: Job,
  accountId: string,
): ModelReference | undefined {
  const behind = findReference(source ?? modelArn, region, accountId);
  return behind === undefined || source === undefined ? behind : { ...behind, arn: modelArn, id: modelId, source };
}
