import { explainMessage, explainParaphrase } from "../../explanations/explain.ts";
import type { Explanation } from "../../foundation/types/index.ts";

/** What a message means, and how it was found. */
export interface ExplainedMessage extends Explanation {
  /** It is not in AWS's own words: this is what it seems to say. */
  readonly isParaphrase?: true;
}

/** What a message of AWS or of halfprice means and what to do; undefined where nobody has seen it yet. */
export function explain(message: string): ExplainedMessage | undefined {
  const own = explainMessage(message);
  if (own !== undefined) return own;
  const paraphrased = explainParaphrase(message);
  return paraphrased === undefined ? undefined : { ...paraphrased, isParaphrase: true };
}
