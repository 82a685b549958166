import { isObject, type JsonObject, memberOf } from "../body-summary.ts";
import { findPricedModel } from "./price-list-names.ts";
import { parseUsageType, type TokenUsage } from "./price-list-usage.ts";

/** One price of the Price List. */
export interface ListedPrice {
  /** The base model's id. */
  readonly modelId: string;
  readonly region: string;
  /** Through a geographic profile or in the region itself, or through the global profile. */
  readonly route: TokenUsage["route"];
  readonly kind: TokenUsage["kind"];
  readonly direction: TokenUsage["direction"];
  /** US dollars for a million tokens; more than 0. */
  readonly usd: number;
  /** The day from which it holds, `2026-11-01`; undefined where the list does not say. */
  readonly effectiveOn: string | undefined;
}

/** A row that looks like a price of text tokens, and why it was not taken. */
export interface UnmatchedRow {
  readonly usageType: string;
  /** As the list calls the model; empty where it does not. */
  readonly name: string;
  readonly reason: "shape" | "spelling" | "model" | "unit" | "price" | "rows disagree" | "half";
}

/** What a price list came to. Every row is in one of the three. */
export interface ParsedPriceList {
  readonly prices: readonly ListedPrice[];
  readonly unmatched: readonly UnmatchedRow[];
  /** Rows of other things: images, reserved capacity, caches, other tiers, other regions. */
  readonly otherCount: number;
}

interface Candidate extends ListedPrice {
  readonly usageType: string;
  readonly name: string;
  readonly isMantle: boolean;
}

/**
 * Reads the products of a region. Nothing is guessed: what does not fit is handed back with the reason.
 * @param rows each the JSON text of a product
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
 */
export function parsePriceList(rows: readonly string[], region: string, nowMs: number): ParsedPriceList {
  const byKey = new Map<string, Candidate[]>();
  const unmatched: UnmatchedRow[] = [];
  let otherCount = 0;
  for (const row of rows) {
    const parsed = parseRow(row, region, nowMs);
    if (parsed === "other") otherCount += 1;
    else if ("reason" in parsed) unmatched.push(parsed);
    else {
      const key = [parsed.modelId, parsed.route, parsed.kind, parsed.direction].join(" ");
      byKey.set(key, [...(byKey.get(key) ?? []), parsed]);
    }
  }
  const prices: ListedPrice[] = [];
  for (const candidates of byKey.values()) {
    // The other endpoint's rows say the same twice (us-east-1, 2026-07); they count only where they stand alone.
    const own = candidates.filter(({ isMantle }) => !isMantle);
    const [first, ...more] = own.length > 0 ? own : candidates;
    otherCount += own.length > 0 ? candidates.length - own.length : 0;
    if (first === undefined) continue;
    if (more.some(({ usd }) => usd !== first.usd)) {
      const reason = "rows disagree" as const;
      unmatched.push(...[first, ...more].map(({ usageType, name }) => ({ usageType, name, reason })));
      continue;
    }
    otherCount += more.length;
    const { modelId, route, kind, direction, usd, effectiveOn } = first;
    prices.push({ modelId, region, route, kind, direction, usd, effectiveOn });
  }
  return { prices, unmatched, otherCount };
}

function parseRow(row: string, region: string, nowMs: number): Candidate | UnmatchedRow | "other" {
  const product = parseJson(row);
  const attributes = memberOf(memberOf(product, "product"), "attributes");
  const read = (name: string): string => (typeof attributes[name] === "string" ? attributes[name] : "");
  const usageType = read("usagetype");
  const fail = (reason: UnmatchedRow["reason"], name = ""): UnmatchedRow => ({ usageType, name, reason });
  if (usageType === "") return fail("shape");
  if (read("regionCode") !== "" && read("regionCode") !== region) return "other";
  const usage = parseUsageType(usageType, `${read("service_tier")} ${read("feature")} ${read("inferenceType")}`);
  if (usage === "other") return "other";
  const isMarketplace = usageType.includes("-MP:");
  const given = isMarketplace ? read("servicename") : read("model");
  const name = given === "" ? (usage?.name ?? "") : given;
  if (usage === undefined) return fail("spelling", name);
  // Two spellings of the model are two witnesses: where both are known they have to agree.
  const models = [given, usage.name ?? ""].flatMap((each) => findPricedModel(each) ?? []);
  const [model, other = model] = models;
  if (model === undefined || model !== other) return fail("model", name);
  const found = findPrice(memberOf(memberOf(product, "terms"), "OnDemand"), nowMs);
  if (typeof found === "string") return fail(found, name);
  const { direction, route, kind, isMantle } = usage;
  return { modelId: model.id, region, route, kind, direction, ...found, usageType, name, isMantle };
}

/** The price that holds now: of the latest term that has begun, for the first token on. */
function findPrice(
  terms: JsonObject,
  nowMs: number,
): { readonly usd: number; readonly effectiveOn: string | undefined } | "unit" | "price" {
  const begun = Object.values(terms)
    .filter(isObject)
    .map((term) => ({ term, begin: typeof term["effectiveDate"] === "string" ? term["effectiveDate"] : "" }))
    .filter(({ begin }) => begin === "" || Date.parse(begin) <= nowMs)
    .sort((one, other) => (one.begin < other.begin ? 1 : one.begin > other.begin ? -1 : 0));
  const [latest] = begun;
  if (latest === undefined) return "price";
  const first = Object.values(memberOf(latest.term, "priceDimensions"))
    .filter(isObject)
    .filter(({ beginRange }) => beginRange === undefined || beginRange === "0");
  const [dimension] = first;
  if (dimension === undefined || first.length > 1) return "price";
  const unit = /^1\s?([KM]) tokens$/i.exec(String(dimension["unit"]))?.[1]?.toUpperCase();
  if (unit === undefined) return "unit";
  const amount = Number(memberOf(dimension, "pricePerUnit")["USD"]);
  // A price that is not there, or is another currency's, is not a price of 0.
  if (!(amount > 0)) return "price";
  const effectiveOn = latest.begin === "" ? undefined : latest.begin.slice(0, 10);
  return { usd: Number((unit === "K" ? amount * 1000 : amount).toPrecision(12)), effectiveOn };
}

function parseJson(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
