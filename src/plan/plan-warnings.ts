import type { ModelChoice, RecordSummary } from "../foundation/types/index.ts";
import { findLengthWarnings } from "./length-warnings.ts";
import { findReasoningWarnings } from "./reasoning-warnings.ts";

/** What to know about a model's requests before they are sent: of the model itself, of their lengths, of its reasoning. */
export function findPlanWarnings(
  model: ModelChoice,
  { maxLineBytes, longestRow }: Pick<RecordSummary, "maxLineBytes" | "longestRow">,
  maxTokens: number,
): string[] {
  return [
    ...(model.warnings ?? []),
    ...findLengthWarnings(model, maxLineBytes, maxTokens, longestRow),
    ...findReasoningWarnings(model, maxTokens),
  ];
}
