/** InvokeModel: one request in the model's own shape. */

import { defineOperation } from "../../bedrock/operation.ts";
import { toInvoke } from "../../bedrock/rights.ts";
import { answerModel } from "../answer-model.ts";
import { modelId } from "../shapes.ts";

export const invokeModel = defineOperation({
  name: "InvokeModel",
  wire: { method: "POST", path: "/model/{modelId}/invoke", rawBody: true },
  input: {
    type: "structure",
    members: {
      modelId: { shape: modelId, required: true, in: "path" },
      trace: {
        shape: { type: "string", enum: ["ENABLED", "DISABLED", "ENABLED_FULL"] },
        in: "header",
        wireName: "X-Amzn-Bedrock-Trace",
      },
      guardrailIdentifier: {
        shape: {
          type: "string",
          min: 0,
          max: 2048,
          pattern: "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))",
        },
        in: "header",
        wireName: "X-Amzn-Bedrock-GuardrailIdentifier",
      },
      guardrailVersion: {
        shape: { type: "string", pattern: "(|([1-9][0-9]{0,7})|(DRAFT))" },
        in: "header",
        wireName: "X-Amzn-Bedrock-GuardrailVersion",
      },
      performanceConfigLatency: {
        shape: { type: "string", enum: ["standard", "optimized"] },
        in: "header",
        wireName: "X-Amzn-Bedrock-PerformanceConfig-Latency",
      },
      serviceTier: {
        shape: { type: "string", enum: ["priority", "default", "flex", "reserved"] },
        in: "header",
        wireName: "X-Amzn-Bedrock-Service-Tier",
      },
    },
  },
  rights: toInvoke("bedrock:InvokeModel"),
  notes: {
    served:
      "every family that batch jobs serve; token counts and latency as headers; prompts that are marked are cached for their five minutes or hour; throttled where limits are set",
    checked: "the model and its body, in AWS's words where they are known",
    notBuilt: "guardrails, trace, latency and tier have no effect; caching by itself, without marks",
  },
  act: ({ modelId: model }, context, request) =>
    answerModel({ modelId: model, shape: "InvokeModel", bytes: request.bytes }, context, request),
});
