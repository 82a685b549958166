/** Data: shapes of the runtime's operations (botocore 1.43.67 `bedrock-runtime`). */
import type { StringShape } from "../wire/shape.ts";

const modelPattern =
  "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}/[a-z0-9]{12})|(:foundation-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.:]?[a-z0-9-]{1,63}))|([0-9]{12}:imported-model/[a-z0-9]{12})|([0-9]{12}:provisioned-model/[a-z0-9]{12})|([0-9]{12}:custom-model-deployment/[a-z0-9]{12})|([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+)))|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.:]?[a-z0-9-]{1,63}))|(([0-9a-zA-Z][_-]?)+)|([a-zA-Z0-9-:.]+)|(^(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:prompt/[0-9a-zA-Z]{10}(?::[0-9]{1,5})?))$|(^arn:aws:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint/[a-zA-Z0-9-]+$)|(^arn:aws(-[^:]+)?:bedrock:([0-9a-z-]{1,20}):([0-9]{12}):(default-)?prompt-router/[a-zA-Z0-9-:.]+$)";

export const modelId = { type: "string", min: 1, max: 2048, pattern: modelPattern } as const satisfies StringShape;

export const countTokensModelId = {
  type: "string",
  min: 1,
  max: 256,
  pattern: "[a-zA-Z_\\.\\-/0-9:]+",
} as const satisfies StringShape;

const toolSpec = {
  type: "structure",
  members: {
    name: { shape: { type: "string", min: 1, max: 64, pattern: "[a-zA-Z0-9_-]+" }, required: true },
    description: { shape: { type: "string", min: 1 } },
    inputSchema: { shape: { type: "document" }, required: true },
  },
} as const;

/** What Converse's table checks; its rules of conversation are the family's. */
export const converseMembers = {
  messages: { shape: { type: "list", of: { type: "document" } } },
  system: { shape: { type: "list", of: { type: "document" } } },
  inferenceConfig: {
    shape: {
      type: "structure",
      members: {
        maxTokens: { shape: { type: "integer", min: 1 } },
        temperature: { shape: { type: "number", min: 0, max: 1 } },
        topP: { shape: { type: "number", min: 0, max: 1 } },
        stopSequences: { shape: { type: "list", min: 0, max: 2500, of: { type: "string", min: 1 } } },
      },
    },
  },
  toolConfig: {
    shape: {
      type: "structure",
      members: {
        tools: {
          shape: {
            type: "list",
            min: 1,
            of: {
              type: "structure",
              members: {
                toolSpec: { shape: toolSpec },
                systemTool: { shape: { type: "document" } },
                cachePoint: { shape: { type: "document" } },
              },
            },
          },
          required: true,
        },
        toolChoice: { shape: { type: "document" } },
      },
    },
  },
  additionalModelResponseFieldPaths: {
    shape: { type: "list", min: 0, max: 10, of: { type: "string", min: 1, max: 256 } },
  },
} as const;
