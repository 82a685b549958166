import { createHash } from "node:crypto";
import type { MediaSummary } from "../foundation/types/index.ts";
import { findRequestProblem } from "../media/check-media.ts";
import { toJsonLetters } from "../media/expand-lines.ts";
import { nameMarks, quoteUnmarked, writeMark } from "../media/media-mark.ts";
import type { StoredMedia } from "../media/media-store.ts";
import type { MediaShape } from "../models/family.ts";
import { countMediaTokens, type MediaRule } from "../models/rules/media-rules.ts";
import { findTokenRule } from "../models/rules/token-rules.ts";
import type { RequestShape } from "./body-sql.ts";
import { mediaFrame } from "./body-sql.ts";

/** A part of a request, with its file found. */
export type FoundPart = { readonly text: string } | { readonly media: StoredMedia; readonly name?: string };

/** A request's body with marks for its files, or why there is none: a sentence without its full stop. */
export type MediaBody = { readonly body: string; readonly tokens: number } | { readonly problem: string };

type Counts = { -readonly [Name in keyof MediaSummary]: MediaSummary[Name] };

/** Makes the bodies of one run's requests. */
export class MediaBodies {
  readonly counts: Pick<Counts, "imageCount" | "documentCount" | "pageCount"> = {
    imageCount: 0,
    documentCount: 0,
    pageCount: 0,
  };
  readonly #shape: RequestShape;
  readonly #media: MediaShape;
  readonly #rule: MediaRule;
  readonly #frame: { readonly before: string; readonly after: string };
  readonly #readText: (sha256: string) => string;

  /** @param readText the whole of a file that goes into a body as text */
  constructor(shape: RequestShape, media: MediaShape, rule: MediaRule, readText: (sha256: string) => string) {
    this.#shape = shape;
    this.#media = media;
    this.#rule = rule;
    this.#frame = mediaFrame(shape, media);
    this.#readText = readText;
  }

  /** A request of parts, in their order. */
  make(parts: readonly FoundPart[]): MediaBody {
    const files = parts.flatMap((part) => ("media" in part ? [part] : []));
    const texts = parts.flatMap((part) => ("text" in part ? [part.text] : []));
    const problem = this.#findProblem(
      files.map(({ media }) => media),
      texts.length,
    );
    if (problem !== undefined) return { problem };
    const { writeText, isSingle } = this.#media;
    const wholeText = texts.join("");
    const ordered: readonly FoundPart[] =
      isSingle === true ? [...(texts.length > 0 ? [{ text: wholeText }] : []), ...files] : parts;
    let tokens = 0;
    let documentNumber = 0;
    const pieces = ordered.map((part) => {
      if ("text" in part) return quoteUnmarked(writeText(part.text));
      if (part.media.kind === "document") documentNumber += 1;
      const piece = this.#writeFile(part.media, cleanName(part.name, documentNumber));
      tokens += piece.tokens;
      return piece.json;
    });
    this.#count(files.map(({ media }) => media));
    return { body: `${this.#frame.before}${pieces.join(",")}${this.#frame.after}`, tokens };
  }

  /** The name of a request: of its body with the hashes of its files in place of their contents. */
  nameOf(body: string, answerNumber: number): string {
    const { baseId, invocation } = this.#shape;
    const number = answerNumber > 1 ? `\n${answerNumber}` : "";
    return createHash("md5")
      .update(`${baseId}\n${invocation}\n${nameMarks(body)}${number}`)
      .digest("hex");
  }

  #findProblem(files: readonly StoredMedia[], textCount: number): string | undefined {
    if (this.#media.isEither === true && textCount > 0 && files.length > 0)
      return "the model gives the vector of a picture or of a text: leave one of them out of the prompt";
    if (textCount === 0 && files.some(({ kind }) => kind === "document"))
      return "a document needs a text beside it that says what to do with it";
    return findRequestProblem(files, this.#rule);
  }

  #writeFile(media: StoredMedia, name: string): { readonly json: string; readonly tokens: number } {
    const { writeMedia, textFormats = [] } = this.#media;
    const { sha256, kind, format, mimeType, sizeBytes } = media;
    const isText = textFormats.includes(format);
    const lineBytes = isText ? Buffer.byteLength(toJsonLetters(this.#readText(sha256))) : Math.ceil(sizeBytes / 3) * 4;
    const tokens = countMediaTokens(this.#shape.baseId, media);
    const around = writeMedia({ kind, format, mimeType, name, data: "" }).length;
    // The letters around it count as text, though nobody is billed for them.
    const own = Math.max(0, tokens - Math.ceil(around / findTokenRule(this.#shape.baseId).lettersPerToken));
    const mark = writeMark({ sha256, form: isText ? "text" : "base64", lineBytes, tokens: own });
    return { json: writeMedia({ kind, format, mimeType, name, data: mark }), tokens: own };
  }

  #count(files: readonly StoredMedia[]): void {
    for (const { kind, pageCount = 0 } of files) {
      if (kind === "image") this.counts.imageCount += 1;
      else this.counts.documentCount += 1;
      this.counts.pageCount += pageCount;
    }
  }
}

/**
 * What a document is called: AWS advises a neutral name, since the model reads it; and the same file under the same prompt is then one
 * request, whatever the file is called.
 */
function cleanName(name: string | undefined, number: number): string {
  const clean = (name ?? "").replace(/[^A-Za-z0-9\-()[\] ]+/g, "-").replace(/ {2,}/g, " ");
  return clean.trim() === "" ? `Document ${number}` : clean.slice(0, 200);
}
