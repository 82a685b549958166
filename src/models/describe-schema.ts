import type { JsonSchema } from "../foundation/types/index.ts";
import type { BodyRequest } from "./family.ts";
import { toNativeSchema } from "./rules/native-schema.ts";

/** What a model is told when an answer has to have a shape and the service cannot hold it to one. */
export function describeSchema(schema: JsonSchema): string {
  return [
    "Answer with one JSON object and nothing else: no code fence, no words before or after it.",
    `The object has to fit this JSON Schema: ${JSON.stringify(schema)}`,
  ].join("\n");
}

/** The system prompt with the schema in words, where it is asked for in words; undefined where there is neither. */
export function makeSystemText({ parameters, output, structured }: BodyRequest): string | undefined {
  const schema = output === undefined || structured === "native" ? undefined : describeSchema(output);
  const parts = [parameters.system, schema].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

/** The schema that goes into a field of the request, without what the service does not take of it; or undefined. */
export function findNativeSchema({ output, structured }: BodyRequest): JsonSchema | undefined {
  return structured === "native" && output !== undefined ? toNativeSchema(output) : undefined;
}
