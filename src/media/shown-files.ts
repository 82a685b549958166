import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ShownFile } from "../foundation/types/index.ts";
import { inspectMedia } from "./inspect-media.ts";
import { splitMarks } from "./media-mark.ts";
import { describeSize } from "./media-store.ts";

/** A picture that is larger is named and not shown. */
const maxPictureBytes = 100 * 1024;
/** Of all pictures that a page shows. */
const maxPageBytes = 1024 * 1024;

/**
 * Shows the files of requests, as long as the page does not become too large.
 * @param store the folder that has the files by their hashes
 */
export function openShownFiles(store: string): (body: string) => ShownFile[] {
  let left = maxPageBytes;
  const show = (sha256: string): ShownFile => {
    const path = join(store, sha256);
    if (!existsSync(path)) return { label: "a file that is not kept any more" };
    const { size } = statSync(path);
    const bytes = readFileSync(path);
    const picture = inspectMedia(bytes, "image", "");
    const inspection = "found" in picture ? picture : inspectMedia(bytes, "document", "");
    if ("problem" in inspection) return { label: describeSize(size) };
    const { kind, format, mimeType, widthPx, heightPx, pageCount } = inspection.found;
    const measure =
      widthPx === undefined
        ? pageCount === undefined
          ? ""
          : `, pages: ${pageCount}`
        : `, ${widthPx} by ${heightPx} pixels`;
    const label = `${format}${measure}, ${describeSize(size)}`;
    if (kind !== "image" || size > Math.min(maxPictureBytes, left)) return { label };
    left -= size;
    return { label, dataUri: `data:${mimeType};base64,${bytes.toString("base64")}` };
  };
  return (body) => splitMarks(body).flatMap((part) => (typeof part === "string" ? [] : [show(part.sha256)]));
}
