/** Sampling parameters that newer Claude models refuse (sources#parameters), in Converse as in their own body. */
import type { Model } from "../model.ts";

/** AWS's words, or undefined. */
export function findSamplingProblem(temperature: unknown, topP: unknown, { sampling }: Model): string | undefined {
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  if (sampling === "none" && given(temperature)) return "`temperature` is deprecated for this model";
  if (sampling === "none" && given(topP)) return "`top_p` is deprecated for this model";
  if (sampling === "either" && given(temperature) && given(topP)) {
    return "`temperature` and `top_p` cannot both be specified for this model. Please use only one.";
  }
  return undefined;
}
