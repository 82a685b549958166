import { isObject, type JsonObject } from "../body-summary.ts";
import type { MediaShape } from "../family.ts";

/** Pictures and documents as blocks of Converse and Nova. */
export const blockMedia: MediaShape = {
  writeText: (text) => JSON.stringify({ text }),
  writeMedia: ({ kind, format, name, data }) =>
    JSON.stringify(
      kind === "image"
        ? { image: { format, source: { bytes: data } } }
        : { document: { format, name, source: { bytes: data } } },
    ),
};

/** What is wrong with messages of content blocks, as Converse and Nova have them: a text by itself is no block. */
export function findBlockProblems(body: JsonObject): string[] {
  const { messages, system } = body as Record<string, unknown>;
  const problems: string[] = [];
  if (messages !== undefined && !Array.isArray(messages)) problems.push("`messages` has to be a list");
  if (system !== undefined && !Array.isArray(system)) problems.push('`system` has to be a list: [{"text": "…"}]');
  for (const message of Array.isArray(messages) ? (messages as unknown[]) : []) {
    const content = isObject(message) ? message["content"] : undefined;
    if (content !== undefined && !Array.isArray(content)) {
      problems.push('`content` has to be a list of blocks: [{"text": "…"}]');
      break;
    }
    const blocks = Array.isArray(content) ? content.filter(isObject) : [];
    if (blocks.some((block) => "type" in block || "image_url" in block)) {
      problems.push('a block of `content` has members of another family; write {"text": "…"}');
      break;
    }
    if (blocks.some((block) => "document" in block) && !blocks.some((block) => "text" in block)) {
      problems.push("a text block must stand beside a document block");
      break;
    }
  }
  return problems;
}
