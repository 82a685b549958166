/** What a request may have besides text. */
export type MediaKind = "image" | "document";

/** Pictures and documents of a table's requests. */
export interface MediaSummary {
  /** In all rows that are sent, each as often as it stands there. */
  readonly imageCount: number;
  readonly documentCount: number;
  /** Pages of PDFs. */
  readonly pageCount: number;
  /** Different files. */
  readonly fileCount: number;
  /** Of the different files, as they lie on the disk. */
  readonly sizeBytes: number;
}
