/** StopModelInvocationJob: the job is Stopping when this answers, and Stopped a little later. */

import { isEnd } from "../../jobs/job.ts";
import { Refusal } from "../../wire/refusal.ts";
import { getJob } from "../find-job.ts";
import { defineOperation } from "../operation.ts";
import { toJob } from "../rights.ts";
import { jobIdentifier } from "../shapes.ts";

export const stopModelInvocationJob = defineOperation({
  name: "StopModelInvocationJob",
  wire: { method: "POST", path: "/model-invocation-job/{jobIdentifier}/stop" },
  input: { type: "structure", members: { jobIdentifier: { shape: jobIdentifier, required: true, in: "path" } } },
  rights: toJob("bedrock:StopModelInvocationJob"),
  notes: {
    served: "stops a job in any state before its end; what was answered until then is written, with a manifest",
    checked: "the ARN as in Get; a job that has ended is a ConflictException",
    differs: "words of that conflict, and whether unanswered records get lines (here they do not), are unconfirmed",
  },
  async act({ jobIdentifier: identifier }, context, request) {
    const job = getJob(identifier, request.region, context);
    if (isEnd(job.status)) {
      throw new Refusal("ConflictException", `The job cannot be stopped because it is in the state ${job.status}.`);
    }
    await context.life.stop(job);
    return undefined;
  },
});
