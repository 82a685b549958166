import type { BodyRequest } from "../family.ts";

/** What an embedding model does not take of what a text model takes. */
export function findEmbeddingProblems(
  { parameters, output }: BodyRequest,
  label: string,
  dimensions: readonly number[],
): string[] {
  const { temperature, topP, topK, stopSequences, system, dimensions: asked } = parameters;
  const foreign = Object.entries({
    temperature,
    top_p: topP,
    top_k: topK,
    stop: stopSequences,
    system,
    output,
  }).filter(([, value]) => value !== undefined);
  return [
    ...foreign.map(([name]) => `\`${name}\` means nothing to ${label}: it gives the vector of a text`),
    ...(asked === undefined || dimensions.includes(asked)
      ? []
      : [`\`dimensions\` is ${asked}; ${label} gives vectors of ${dimensions.join(", ")}`]),
  ];
}
