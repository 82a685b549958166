/** The operations of Bedrock Runtime that are built. */
import type { BedrockOperation } from "../bedrock/operation.ts";
import { converse } from "./converse.ts";
import { countTokens } from "./count-tokens.ts";
import { invokeModel } from "./invoke-model.ts";

export const runtimeOperations: readonly BedrockOperation[] = [invokeModel, converse, countTokens];
