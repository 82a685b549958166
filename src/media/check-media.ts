import { type KindLimits, type MediaRule, textDocumentBytes } from "../models/rules/media-rules.ts";
import type { InspectedMedia } from "./inspect-media.ts";
import { describeSize } from "./media-store.ts";

/** What is wrong with a file for a model: words that follow its name; undefined where it can be sent. */
export function findFileProblem(media: InspectedMedia, rule: MediaRule): string | undefined {
  const { kind, format, sizeBytes, widthPx = 0, heightPx = 0, pageCount = 0, mimeType } = media;
  const limits: KindLimits | undefined = rule[kind];
  if (limits === undefined) return `the model takes no ${kind}s`;
  const { formats, maxSidePx, maxPages } = limits;
  if (!formats.includes(format)) return `is ${format}; the model takes ${formats.join(", ")}`;
  const maxBytes = mimeType.startsWith("text/") ? Math.min(limits.maxBytes, textDocumentBytes) : limits.maxBytes;
  if (sizeBytes > maxBytes) return `has ${describeSize(sizeBytes)}; the model takes ${describeSize(maxBytes)}`;
  if (maxSidePx !== undefined && Math.max(widthPx, heightPx) > maxSidePx)
    return `is ${widthPx} by ${heightPx} pixels; the model takes ${maxSidePx} by ${maxSidePx}`;
  if (maxPages !== undefined && pageCount > maxPages) return `has ${pageCount} pages; the model takes ${maxPages}`;
  return undefined;
}

/** What is wrong with all files of a request together: a sentence without its full stop. */
export function findRequestProblem(files: readonly InspectedMedia[], rule: MediaRule): string | undefined {
  for (const kind of ["image", "document"] as const) {
    const count = files.filter((file) => file.kind === kind).length;
    const most = rule[kind]?.maxCount ?? 0;
    if (count > most) return `it has ${count} ${kind}s; a request of the model takes ${most}`;
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return sizeBytes > rule.maxTotalBytes
    ? `its files have ${describeSize(sizeBytes)} in all; a request of the model takes ${describeSize(rule.maxTotalBytes)}`
    : undefined;
}
