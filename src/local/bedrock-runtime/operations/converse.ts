/** Converse: one request in the shape that all text models share. */

import { defineOperation } from "../../bedrock/operation.ts";
import { toInvoke } from "../../bedrock/rights.ts";
import { answerModel } from "../answer-model.ts";
import { converseMembers, modelId } from "../shapes.ts";

export const converse = defineOperation({
  name: "Converse",
  wire: { method: "POST", path: "/model/{modelId}/converse" },
  input: {
    type: "structure",
    members: { modelId: { shape: modelId, required: true, in: "path" }, ...converseMembers },
  },
  rights: toInvoke("bedrock:InvokeModel"),
  notes: {
    served: "every text model; system, inferenceConfig, a forced tool, a JSON schema in outputConfig, cachePoint",
    checked:
      "rules of a conversation, four cache points and their order, limits of tokens, sampling parameters that a model refuses",
    notBuilt:
      "prompts of prompt management, guardrails, tools that the model may choose, images and documents are not looked at",
  },
  act: ({ modelId: model }, context, request) =>
    answerModel({ modelId: model, shape: "Converse", bytes: request.bytes }, context, request),
});
