/** Data: which pictures and documents a model takes, and how many tokens they are. Facts and their pages: docs/sources-2026-11.md. */
import type { MediaKind } from "../../foundation/types/index.ts";
import { findImageTokens } from "./image-rules.ts";

/** What a request may have of one kind. */
export interface KindLimits {
  /** As Converse names them. */
  readonly formats: readonly string[];
  /** In one request. */
  readonly maxCount: number;
  /** Of one file, before it is written as base64. */
  readonly maxBytes: number;
  /** Of one side of a picture. */
  readonly maxSidePx?: number;
  readonly maxPages?: number;
}

/** What a model takes in one family's body. */
export interface MediaRule {
  readonly image?: KindLimits;
  readonly document?: KindLimits;
  /** Of all files of a request together. */
  readonly maxTotalBytes: number;
}

/** What is known of a file that decides on its tokens. */
export interface MediaMeasure {
  readonly kind: MediaKind;
  readonly sizeBytes: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly pageCount?: number;
}

const mib = 1024 * 1024;
const pictures = ["png", "jpeg", "gif", "webp"];
const texts = ["csv", "html", "txt", "md"];
const papers = ["pdf", ...texts, "doc", "docx", "xls", "xlsx"];

/** Converse, of any model: API_runtime_Message. */
const converseImages: KindLimits = { formats: pictures, maxCount: 20, maxBytes: 3.75 * mib, maxSidePx: 8000 };
const converseDocuments: KindLimits = { formats: papers, maxCount: 5, maxBytes: 4.5 * mib };
/** Nova has 25 MB for all files of a request that stand in it. */
const novaTotal = 25 * mib;
/** Of a request of Claude's on Bedrock: 20 MB. */
const requestBytes = 20 * mib;

const novaImages: KindLimits = { formats: pictures, maxCount: 20, maxBytes: novaTotal, maxSidePx: 8000 };

/** The first that fits, by the family and the beginning of the base model's id. */
const rules: readonly (readonly [family: string, model: RegExp, rule: MediaRule])[] = [
  [
    "anthropic-messages",
    /^anthropic\./,
    {
      image: converseImages,
      document: { formats: ["pdf", ...texts], maxCount: 5, maxBytes: 4.5 * mib, maxPages: 100 },
      maxTotalBytes: requestBytes,
    },
  ],
  // Documents are for Converse alone: Nova's page of content types.
  ["amazon-nova", /^amazon\.nova-(?!micro)/, { image: novaImages, maxTotalBytes: novaTotal }],
  [
    "titan-multimodal-embeddings",
    /./,
    {
      image: { formats: ["png", "jpeg"], maxCount: 1, maxBytes: 25 * mib, maxSidePx: 2048 },
      maxTotalBytes: 25 * mib,
    },
  ],
  ["nova-embeddings", /./, { image: { formats: pictures, maxCount: 1, maxBytes: 25 * mib }, maxTotalBytes: 25 * mib }],
  [
    "converse",
    /^anthropic\./,
    { image: converseImages, document: { ...converseDocuments, maxPages: 100 }, maxTotalBytes: requestBytes },
  ],
  [
    "converse",
    /^amazon\.nova-(?!micro)/,
    { image: novaImages, document: { ...converseDocuments, maxBytes: novaTotal }, maxTotalBytes: novaTotal },
  ],
  [
    "converse",
    /^(meta\.llama(4|3-2-(11|90)b)|mistral\.(mistral-large-3|ministral-3|magistral|pixtral))/,
    { image: converseImages, document: converseDocuments, maxTotalBytes: novaTotal },
  ],
  // Kimi K2.5 takes 3 MB of pictures in all, by its card.
  ["converse", /^moonshot(ai)?\.kimi-k2/, { image: { ...converseImages, maxBytes: 3 * mib }, maxTotalBytes: 3 * mib }],
  [
    "converse",
    /^(qwen\..*-vl-|google\.gemma|moonshot(ai)?\.kimi-k3|nvidia\..*nano-12b|openai\.gpt-5)/,
    { image: converseImages, maxTotalBytes: novaTotal },
  ],
];

/** Documents of text have a limit of their own beside Nova's larger one for pages. */
export const textDocumentBytes = 4.5 * mib;

/** What a model takes in the body of a family; undefined where that is texts alone. */
export function findMediaRule(family: string, baseId: string): MediaRule | undefined {
  return rules.find(([name, model]) => name === family && model.test(baseId))?.[2];
}

/** Claude's pictures: the longest side, and the tokens, to which they are scaled down. */
const claudeSides: readonly (readonly [RegExp, sidePx: number, tokens: number])[] = [
  [/^anthropic\.claude-(opus|sonnet|haiku)-5/, 2576, 4784],
  [/^anthropic\./, 1568, 1600],
];

/**
 * Tokens of a picture by its size. Embedding models have a price for each picture: it is told here in tokens of text that cost as much.
 */
function countImageTokens(baseId: string, widthPx: number, heightPx: number): number {
  const claude = claudeSides.find(([model]) => model.test(baseId));
  if (claude !== undefined) {
    const scale = Math.min(1, claude[1] / Math.max(widthPx, heightPx));
    return Math.max(1, Math.min(claude[2], Math.round((widthPx * heightPx * scale ** 2) / 750)));
  }
  // 0.00006 a picture beside 0.80, and beside 0.135, a million tokens.
  if (baseId.startsWith("amazon.titan-embed")) return 75;
  if (/^amazon\..*embed/.test(baseId)) return 444;
  if (baseId.startsWith("amazon.nova")) {
    // Scaled up to 896 pixels; a line through the five sizes of Nova's page, which it meets within a tenth.
    const scale = Math.max(1, 896 / Math.max(widthPx, heightPx));
    return Math.round(250 + (widthPx * heightPx * scale ** 2) / 752);
  }
  return findImageTokens(baseId).expected;
}

/** Of a page with its text and its picture: Anthropic's page of PDF support has 7,000 tokens of three pages; of others `unconfirmed`. */
const pageTokens = 2300;
const bytesPerTextToken = 4;

/** How far the true count may be from the estimate. */
export const mediaBand = { image: { low: 0.75, high: 1.35 }, document: { low: 0.4, high: 2 } } as const;

/** Tokens of a file in a request of the model, as an estimate. */
export function countMediaTokens(
  baseId: string,
  { kind, sizeBytes, widthPx, heightPx, pageCount }: MediaMeasure,
): number {
  if (kind === "image") return countImageTokens(baseId, widthPx ?? 1000, heightPx ?? 1000);
  if (pageCount !== undefined) return pageCount * pageTokens;
  return Math.ceil(sizeBytes / bytesPerTextToken);
}
