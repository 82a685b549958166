/**
 * Data: models that only Bedrock's other endpoint, bedrock-mantle, serves, by the beginning of the base model's id. It has no batch
 * inference, and no InvokeModel or Converse. From their cards, read 2026-11-30:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-openai-gpt-55.html and those of GPT-5.4, Gemma 4 31B ("Gemma 4
 * models are available only on the bedrock-mantle endpoint") and Grok 4.3.
 */
const starts = ["openai.gpt-5.4", "openai.gpt-5.5", "google.gemma-4-", "xai.grok-4.3"];

/** Whether a model cannot be asked through bedrock-runtime, neither in batch nor on demand. */
export const isElsewhereOnly = (baseId: string): boolean => starts.some((start) => baseId.startsWith(start));
