/** The operations of Bedrock's control plane that are built. */
import { createModelInvocationJob } from "./create-model-invocation-job.ts";
import { getModelInvocationJob } from "./get-model-invocation-job.ts";
import { listModelInvocationJobs } from "./list-model-invocation-jobs.ts";
import type { BedrockOperation } from "./operation.ts";
import { stopModelInvocationJob } from "./stop-model-invocation-job.ts";

export const bedrockOperations: readonly BedrockOperation[] = [
  createModelInvocationJob,
  getModelInvocationJob,
  listModelInvocationJobs,
  stopModelInvocationJob,
];
