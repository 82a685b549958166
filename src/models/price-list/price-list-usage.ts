/** What a usage type of the Price List says: whose tokens, on which route, in which way. */
export interface TokenUsage {
  readonly direction: "input" | "output";
  readonly route: "geo" | "global";
  readonly kind: "batch" | "onDemand";
  /** How the usage type spells the model; Marketplace's do not name it. */
  readonly name: string | undefined;
  /** Of the other endpoint, which has the same prices under names of its own. */
  readonly isMantle: boolean;
}

/** Ways to be billed that no job of ours is. */
const otherWays = /flex|priority|reserved|tpm|latency|provisioned|cache|custom.?model|customization|long.?ctx/i;

const firstParty = /^(?:[A-Z]{2,4}\d?-)?(.+?)-(input|output)-tokens(?:-(.+))?$/i;
const marketplace = /^[A-Z0-9]+-MP:(?:[A-Z]{2,4}\d?_)?(.+)-Units$/;
/** Until Opus 4.6, and since. */
const dimensions = [
  /^(input|output)TokenCount(_Global)?(_Batch)?$/i,
  /^(input|output)_tokens(_global)?(?:_standard|(_batch))$/i,
];

/**
 * Reads a usage type, with what the product says of its tier and feature beside it.
 * @returns `other` where it is no price of text tokens on demand or in batch; undefined where it looks like one and is
 * spelled in a way that is not known
 */
export function parseUsageType(usageType: string, beside: string): TokenUsage | "other" | undefined {
  if (otherWays.test(usageType) || otherWays.test(beside)) return "other";
  const inMarketplace = marketplace.exec(usageType)?.[1];
  if (inMarketplace !== undefined) return parseDimension(inMarketplace);
  const [, stem = "", direction, words = ""] = firstParty.exec(usageType) ?? [];
  if (direction === undefined) return "other";
  const found = new Set(words === "" ? [] : words.toLowerCase().replace("cross-region-", "").split("-"));
  const isBatch = found.delete("batch");
  const isGlobal = found.delete("global");
  const isOnDemand = found.delete("standard");
  found.delete("geo");
  // `Batch Inference` as the feature of what does not call itself batch is nothing to build a price on.
  const contradicts = isBatch ? isOnDemand : /\bbatch\b/i.test(beside);
  if (found.size > 0 || contradicts) return undefined;
  return {
    direction: toDirection(direction),
    route: isGlobal ? "global" : "geo",
    kind: isBatch ? "batch" : "onDemand",
    name: stem.replace(/-mantle$/, ""),
    isMantle: stem.endsWith("-mantle"),
  };
}

function parseDimension(dimension: string): TokenUsage | "other" | undefined {
  for (const pattern of dimensions) {
    const [found, direction = "", global, batch] = pattern.exec(dimension) ?? [];
    if (found === undefined) continue;
    const kind = batch === undefined ? "onDemand" : "batch";
    const route = global === undefined ? "geo" : "global";
    return { direction: toDirection(direction), route, kind, name: undefined, isMantle: false };
  }
  return /(in|out)put.?tokens?/i.test(dimension) ? undefined : "other";
}

const toDirection = (word: string): TokenUsage["direction"] => (word.toLowerCase() === "input" ? "input" : "output");
