/** InvokeModel: one request in the model's own shape. */
import { defineOperation } from "../bedrock/operation.ts";
import { answerModel, runtimeModelId } from "./answer-model.ts";

export const invokeModel = defineOperation({
  name: "InvokeModel",
  method: "POST",
  path: "/model/{modelId}/invoke",
  rawBody: true,
  input: { type: "structure", members: { modelId: { shape: runtimeModelId, required: true, in: "path" } } },
  served: "every family that batch jobs serve; token counts and latency as headers",
  notBuilt: "guardrails, performance and trace settings are read over",
  act: ({ modelId }, context, request, bytes) =>
    answerModel({ modelId, shape: "InvokeModel", bytes }, context, request),
});
