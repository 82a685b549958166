/** The operations of Bedrock Runtime that are built, and those that answer by name that they are not. */
import type { BedrockOperation } from "../bedrock/operation.ts";
import { invokeModel } from "./invoke-model.ts";

export const runtimeOperations: readonly BedrockOperation[] = [invokeModel];
