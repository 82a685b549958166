// Compares the catalogue of models with machine-readable public sources that were downloaded before, and prints every difference:
// ids, profiles, batch support, limits and prices. It downloads nothing. Exit code 1 where there is a difference, 2 for wrong use.
import { readFileSync } from "node:fs";
import { catalogue } from "../build/models/catalogue.js";
import { catalogueReadAt } from "../build/models/catalogue-model.js";
import { findPrices } from "../build/models/find-prices.js";
import { parseModel, profilePrefixes } from "../build/models/parse-model.js";
import { parsePriceList } from "../build/models/price-list/price-list.js";
import { makeRoutePrices } from "../build/models/route-prices.js";

const usage = `npm run catalogue:check -- [--litellm FILE] [--models-dev FILE] [--price-list FILE]… [--region us-east-1]

  --litellm     model_prices_and_context_window.json of BerriAI/litellm
  --models-dev  https://models.dev/api.json
  --price-list  an offer file of AWS's Price List for a region (AmazonBedrock, AmazonBedrockFoundationModels); may be repeated
  --region      the region of the price lists (default: us-east-1)`;

function readArguments(words) {
  const found = { priceLists: [], region: "us-east-1" };
  for (let at = 0; at < words.length; at += 2) {
    const [option, value] = [words[at], words[at + 1]];
    if (value === undefined) return undefined;
    if (option === "--litellm") found.litellm = value;
    else if (option === "--models-dev") found.modelsDev = value;
    else if (option === "--price-list") found.priceLists.push(value);
    else if (option === "--region") found.region = value;
    else return undefined;
  }
  return (found.litellm ?? found.modelsDev ?? found.priceLists[0]) ? found : undefined;
}

const known = new Map(catalogue.map((model) => [model.id, model]));
const perMillion = (usd) => (typeof usd === "number" ? Number((usd * 1e6).toFixed(6)) : undefined);
const say = (price) => (price === undefined ? "none" : `${price.inputUsd}/${price.outputUsd}`);
const isSame = (one, other) =>
  one !== undefined &&
  other !== undefined &&
  Math.abs(one.inputUsd - other.inputUsd) < 1e-9 &&
  Math.abs(one.outputUsd - other.outputUsd) < 1e-9;

/** What a source says of models: by id, the price on demand, and more where it has that. */
function compareEntries(source, entries) {
  const differences = [];
  const add = (id, what, ours, theirs) =>
    differences.push(`${source}: ${id}: ${what}: catalogue ${ours}, source ${theirs}`);
  const prefixes = new Map();
  for (const { id, price, batch, maxOutputTokens, contextTokens } of entries) {
    const { baseId, prefix } = parseModel(id);
    const model = known.get(baseId);
    if (model === undefined) {
      if (prefix === undefined) add(baseId, "id", "none", "there");
      continue;
    }
    if (prefix !== undefined) prefixes.set(baseId, (prefixes.get(baseId) ?? new Set()).add(prefix));
    const [geo, global] = [findPrices(model, "geo"), findPrices(model, "global")];
    // A bare id is priced by some as the model itself and by others as its global profile.
    const fitting = prefix === undefined ? [geo, global] : [prefix === "global" ? global : geo];
    if (price !== undefined && !fitting.some((prices) => isSame(prices?.onDemand, price)))
      add(id, "on-demand price", say(fitting[0]?.onDemand), say(price));
    if (batch !== undefined && model.batch === "no") add(id, "batch", "no", `at ${say(batch)}`);
    if (batch !== undefined && model.batch !== "no" && !fitting.some((prices) => isSame(prices?.batch, batch)))
      add(id, "batch price", say(fitting[0]?.batch), say(batch));
    if (
      maxOutputTokens !== undefined &&
      model.maxOutputTokens !== undefined &&
      maxOutputTokens !== model.maxOutputTokens
    )
      add(id, "max output tokens", model.maxOutputTokens, maxOutputTokens);
    if (contextTokens !== undefined && model.contextTokens !== undefined && contextTokens !== model.contextTokens)
      add(id, "context tokens", model.contextTokens, contextTokens);
  }
  const listed = new Set(entries.map(({ id }) => parseModel(id).baseId));
  for (const { id, batch, endOfLife } of catalogue) {
    if (!listed.has(id)) {
      if (batch === "yes" && endOfLife === undefined) add(id, "id", "there", "none");
      continue;
    }
    const [ours, theirs] = [
      profilePrefixes.filter((each) => known.get(id).profiles[each]),
      prefixes.get(id) ?? new Set(),
    ];
    const missing = [...theirs].filter((each) => !ours.includes(each));
    if (missing.length > 0)
      add(
        id,
        "profiles",
        ours.join(" ") || "none",
        `${missing.sort((one, other) => one.localeCompare(other)).join(" ")} as well`,
      );
  }
  return differences;
}

function readLitellm(path) {
  const table = JSON.parse(readFileSync(path, "utf8"));
  return Object.entries(table).flatMap(([id, entry]) => {
    if (!(entry.litellm_provider ?? "").startsWith("bedrock") || id.includes("/") || !/^[a-z-]+\.[a-z0-9]/.test(id))
      return [];
    const [inputUsd, outputUsd] = [
      perMillion(entry.input_cost_per_token),
      perMillion(entry.output_cost_per_token ?? 0),
    ];
    const batchIn = perMillion(entry.input_cost_per_token_batches);
    return [
      {
        id,
        price: inputUsd === undefined ? undefined : { inputUsd, outputUsd },
        batch:
          batchIn === undefined
            ? undefined
            : { inputUsd: batchIn, outputUsd: perMillion(entry.output_cost_per_token_batches ?? 0) },
        maxOutputTokens: entry.max_output_tokens,
        contextTokens: entry.max_input_tokens,
      },
    ];
  });
}

function readModelsDev(path) {
  const models = JSON.parse(readFileSync(path, "utf8"))["amazon-bedrock"]?.models ?? {};
  return Object.entries(models).map(([id, { cost, limit }]) => ({
    id,
    price: cost === undefined ? undefined : { inputUsd: cost.input, outputUsd: cost.output },
    batch: undefined,
    maxOutputTokens: limit?.output,
    contextTokens: limit?.context,
  }));
}

function comparePriceLists(paths, region) {
  const rows = paths.flatMap((path) => {
    const { products = {}, terms = {} } = JSON.parse(readFileSync(path, "utf8"));
    return Object.entries(products).map(([sku, product]) =>
      JSON.stringify({ product, terms: { OnDemand: terms.OnDemand?.[sku] ?? {} } }),
    );
  });
  const parsed = parsePriceList(rows, region, Date.now());
  const { byModel, halves } = makeRoutePrices(parsed.prices);
  const differences = [];
  for (const [id, routes] of Object.entries(byModel)) {
    const model = known.get(id);
    if (model === undefined) continue;
    for (const route of ["geo", "global"]) {
      const found = findPrices(model, route);
      for (const kind of ["batch", "onDemand"]) {
        const theirs = routes[route]?.[kind];
        if (theirs === undefined) continue;
        if (kind === "batch" && model.batch === "no")
          differences.push(`Price List: ${id}: batch: catalogue no, source at ${say(theirs)}`);
        else if (!isSame(found?.[kind], theirs) || (kind === "batch" && found?.isBatchAtMost === true))
          differences.push(
            `Price List: ${id}: ${kind} price, ${route}: catalogue ${say(found?.[kind])}${kind === "batch" && found?.isBatchAtMost === true ? " (an upper bound)" : ""}, source ${say(theirs)}`,
          );
      }
    }
  }
  for (const { usageType, name, reason } of [...parsed.unmatched, ...halves])
    differences.push(`Price List: ${usageType}: not understood (${reason}): ${name || "no name"}`);
  return differences;
}

const given = readArguments(process.argv.slice(2));
if (given === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const differences = [
    ...(given.litellm === undefined ? [] : compareEntries("LiteLLM", readLitellm(given.litellm))),
    ...(given.modelsDev === undefined ? [] : compareEntries("models.dev", readModelsDev(given.modelsDev))),
    ...(given.priceLists.length === 0 ? [] : comparePriceLists(given.priceLists, given.region)),
  ];
  for (const line of differences) console.log(line);
  console.error(`${differences.length} differences; the catalogue was last compared on ${catalogueReadAt}`);
  if (differences.length > 0) process.exitCode = 1;
}
