/** GetModelInvocationJob: a job, with its counts while it runs. */

import { getJob } from "../find-job.ts";
import { describeJob } from "../job-view.ts";
import { defineOperation } from "../operation.ts";
import { toJob } from "../rights.ts";
import { jobIdentifier } from "../shapes.ts";

export const getModelInvocationJob = defineOperation({
  name: "GetModelInvocationJob",
  wire: { method: "GET", path: "/model-invocation-job/{jobIdentifier}" },
  input: { type: "structure", members: { jobIdentifier: { shape: jobIdentifier, required: true, in: "path" } } },
  rights: toJob("bedrock:GetModelInvocationJob"),
  notes: {
    served: "every member; the counts are 0 until the job is InProgress and grow while it runs",
    checked: "the ARN, percent-encoded as one segment; the bare id is refused, as the live service does",
  },
  act: ({ jobIdentifier: identifier }, context, request) =>
    describeJob(getJob(identifier, request.region, context), context.faults),
});
