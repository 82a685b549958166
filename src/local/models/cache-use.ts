/** What one request had of the prompt cache. */

/** How long a checkpoint lives without being read. */
export type CacheTtl = "5m" | "1h";

export interface CacheUse {
  /** Tokens that were read. */
  readonly read: number;
  readonly written: Readonly<Record<CacheTtl, number>>;
  /** How many of both are among the request's own tokens; tools are counted only where they are cached. */
  readonly ownTokens: number;
}

export const noCacheUse: CacheUse = { read: 0, written: { "5m": 0, "1h": 0 }, ownTokens: 0 };

/** Tokens that were written, however long they live. */
export const countWritten = ({ written }: CacheUse): number => written["5m"] + written["1h"];
