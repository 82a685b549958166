import { amazonModels } from "./catalogue/amazon.ts";
import { anthropicModels } from "./catalogue/anthropic.ts";
import { metaModels } from "./catalogue/meta.ts";
import { openModels } from "./catalogue/open-models.ts";
import { profileSources } from "./catalogue/profile-sources.ts";
import type { CatalogueModel } from "./catalogue-model.ts";

/** Every model that is known, make by make. */
export const catalogue: readonly CatalogueModel[] = [
  ...anthropicModels,
  ...amazonModels,
  ...metaModels,
  ...openModels,
].map((model) => ({ ...model, profiles: profileSources[model.id] ?? {} }));

const byId = new Map(catalogue.map((model) => [model.id, model]));
const byAlias = new Map(catalogue.map((model) => [model.alias, model]));

/** The model of a base id, or undefined. */
export function findModelOfId(id: string): CatalogueModel | undefined {
  return byId.get(id);
}

/** The model of an alias, whatever its case, or undefined. */
export function findModelOfAlias(alias: string): CatalogueModel | undefined {
  return byAlias.get(alias.toLowerCase());
}
