import type { JsonSchema } from "../types.ts";

/** What a model is told when an answer has to have a shape and the service cannot hold it to one. */
export function describeSchema(schema: JsonSchema): string {
  return [
    "Answer with one JSON object and nothing else: no code fence, no words before or after it.",
    `The object has to fit this JSON Schema: ${JSON.stringify(schema)}`,
  ].join("\n");
}
