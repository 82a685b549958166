/** The operations of Bedrock's control plane that are built. */

import { listOperations } from "../operation.ts";
import { otherOperations } from "./not-built.ts";
import type { BedrockKind } from "./operation.ts";
import { createInferenceProfile } from "./operations/create-inference-profile.ts";
import { createModelInvocationJob } from "./operations/create-model-invocation-job.ts";
import { deleteInferenceProfile } from "./operations/delete-inference-profile.ts";
import { getFoundationModel } from "./operations/get-foundation-model.ts";
import { getFoundationModelAvailability } from "./operations/get-foundation-model-availability.ts";
import { getInferenceProfile } from "./operations/get-inference-profile.ts";
import { getModelInvocationJob } from "./operations/get-model-invocation-job.ts";
import { getUseCaseForModelAccess } from "./operations/get-use-case-for-model-access.ts";
import { listFoundationModels } from "./operations/list-foundation-models.ts";
import { listInferenceProfiles } from "./operations/list-inference-profiles.ts";
import { listModelInvocationJobs } from "./operations/list-model-invocation-jobs.ts";
import { listTagsForResource } from "./operations/list-tags-for-resource.ts";
import { stopModelInvocationJob } from "./operations/stop-model-invocation-job.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";

export const bedrockOperations = listOperations<BedrockKind>({
  service: "Bedrock",
  signingName: "bedrock",
  protocol: "restJson1",
  all: otherOperations,
  operations: [
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
    createInferenceProfile,
    deleteInferenceProfile,
  ],
});
