/** Models that put their reasoning before the answer (gpt-oss: sources#request-bodies). */
import type { Model } from "../model.ts";

/** What stands where a model's reasoning would, or undefined for models without. */
export const reasoningText = (model: Model): string | undefined =>
  model.id.startsWith("openai.gpt-oss") ? "Simulated: nothing was reasoned." : undefined;
