/** The operations of Bedrock Runtime. */
import type { BedrockKind } from "../bedrock/operation.ts";
import { listOperations } from "../operation.ts";
import { otherOperations } from "./not-built.ts";
import { converse } from "./operations/converse.ts";
import { countTokens } from "./operations/count-tokens.ts";
import { invokeModel } from "./operations/invoke-model.ts";

export const runtimeOperations = listOperations<BedrockKind>({
  service: "Bedrock Runtime",
  signingName: "bedrock",
  protocol: "restJson1, over HTTP/1.1 and HTTP/2 with prior knowledge",
  all: otherOperations,
  operations: [invokeModel, converse, countTokens],
});
