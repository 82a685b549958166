import { catalogue } from "../catalogue.ts";
import type { CatalogueModel } from "../catalogue-model.ts";

/** Names of the Price List that are none of the catalogue's, as its public files had them in 2026. */
const otherNames: Readonly<Record<string, string>> = {
  "Nova 2.0 Lite": "amazon.nova-2-lite-v1:0",
  "TitanEmbeddingV2-Text": "amazon.titan-embed-text-v2:0",
  "TitanEmbeddingsG1-Text": "amazon.titan-embed-text-v1",
  "TitanEmbeddingsG1-Image": "amazon.titan-embed-image-v1",
  "NVIDIA Nemotron Nano 2 VL": "nvidia.nemotron-nano-12b-v2",
  "Ministral 14B 3.0": "mistral.ministral-3-14b-instruct",
  "Magistral Small 1.2": "mistral.magistral-small-2509",
};

/** `Qwen3-Coder-30B` and `Qwen3 Coder 30B` are the same name. */
const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const byName = new Map<string, CatalogueModel>();
for (const model of catalogue) {
  for (const name of [model.label, model.alias, model.id, model.quotaLabel]) {
    if (name !== undefined) byName.set(fold(name), model);
  }
}
for (const [name, id] of Object.entries(otherNames)) {
  const model = catalogue.find((each) => each.id === id);
  if (model !== undefined) byName.set(fold(name), model);
}

/** `-v1:0`, `-v2`, `-1:0`, with the date before it. */
const version = /(-\d{8})?(-v\d+(:\d+)?|-\d+:\d+)?$/;

/** Shortened names; one that two models would share is nobody's. */
const byShortName = new Map<string, CatalogueModel | undefined>();
for (const model of catalogue) {
  const { id, label } = model;
  const bare = id.slice(id.indexOf(".") + 1);
  const short = bare.replace(version, "");
  const names = [id.replace(version, ""), bare, short, short.replace(/-(instruct|it)$/, "")];
  for (const name of new Set([...names, label.replace(/ Instruct$/, "")].map(fold))) {
    byShortName.set(name, byShortName.has(name) && byShortName.get(name) !== model ? undefined : model);
  }
}

/** The model that a name of the Price List stands for, or undefined. */
export function findPricedModel(name: string): CatalogueModel | undefined {
  const folded = fold(name.replace(/\s*\(Amazon Bedrock Edition\)\s*$/, ""));
  return byName.get(folded) ?? byShortName.get(folded);
}
