/** Bedrock batches for the AI SDK: `halfprice/ai-sdk`. */
export { type BedrockBatch, type BedrockBatchOptions, bedrockBatch } from "./bedrock-batch.ts";
