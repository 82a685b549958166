/** The operations of Bedrock's control plane that are built. */
import { createModelInvocationJob } from "./create-model-invocation-job.ts";
import { getFoundationModel } from "./get-foundation-model.ts";
import { getFoundationModelAvailability } from "./get-foundation-model-availability.ts";
import { getInferenceProfile } from "./get-inference-profile.ts";
import { getModelInvocationJob } from "./get-model-invocation-job.ts";
import { getUseCaseForModelAccess } from "./get-use-case-for-model-access.ts";
import { listFoundationModels } from "./list-foundation-models.ts";
import { listInferenceProfiles } from "./list-inference-profiles.ts";
import { listModelInvocationJobs } from "./list-model-invocation-jobs.ts";
import { listTagsForResource } from "./list-tags-for-resource.ts";
import type { BedrockOperation } from "./operation.ts";
import { stopModelInvocationJob } from "./stop-model-invocation-job.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";

export const bedrockOperations: readonly BedrockOperation[] = [
  createModelInvocationJob,
  getModelInvocationJob,
  listModelInvocationJobs,
  stopModelInvocationJob,
  listTagsForResource,
  tagResource,
  untagResource,
  listFoundationModels,
  getFoundationModel,
  getFoundationModelAvailability,
  getUseCaseForModelAccess,
  listInferenceProfiles,
  getInferenceProfile,
];
