/** Tokens of pictures and documents in a request: rules of thumb, by each maker's page (read 2026-11-30). Real counts differ: `unconfirmed`. */
import { isObject, type JsonObject, memberOf } from "./family.ts";

const usualImageTokens = 1300;
const claudeImageTokens = 1600;
const claudePixelsPerToken = 750;
const bytesPerDocumentToken = 10;

/** Of all blocks of a message that have a file. @param isClaude its pictures count by their size */
export function countFileTokens(content: unknown, isClaude = false): number {
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const block of content.filter(isObject)) {
    const image = isObject(block["image"]) ? block["image"] : block["type"] === "image" ? block : undefined;
    const document = isObject(block["document"]) ? block["document"] : block["type"] === "document" ? block : undefined;
    if (image !== undefined) tokens += countImage(readData(image), isClaude);
    if (document !== undefined) tokens += Math.ceil((readData(document).length * 3) / 4 / bytesPerDocumentToken);
  }
  return tokens;
}

function readData(block: JsonObject): string {
  const source = memberOf(block, "source");
  return String(source["bytes"] ?? source["data"] ?? "");
}

function countImage(base64: string, isClaude: boolean): number {
  if (!isClaude) return usualImageTokens;
  const start = Buffer.from(base64.slice(0, 64), "base64");
  const isPng = start.toString("latin1", 1, 4) === "PNG" && start.length >= 24;
  if (!isPng) return claudeImageTokens;
  return Math.min(
    claudeImageTokens,
    Math.max(1, Math.round((start.readUInt32BE(16) * start.readUInt32BE(20)) / claudePixelsPerToken)),
  );
}
