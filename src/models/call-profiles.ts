import type { CatalogueModel, ProfilePrefix, ProfileSources } from "./catalogue-model.ts";
import { profilePrefixes } from "./parse-model.ts";

/** Whether a profile of a model can be called from a region. Only the table says so: a region's name says nothing. */
export function canCall(
  { profiles }: Pick<CatalogueModel, "profiles">,
  prefix: ProfilePrefix,
  region: string,
): boolean {
  return profiles[prefix]?.includes(region) === true;
}

/** The profiles of a model that can be called from a region, the narrowest first and the global one last. */
export function listProfiles(model: Pick<CatalogueModel, "profiles">, region: string): ProfilePrefix[] {
  return profilePrefixes.filter((prefix) => canCall(model, prefix, region));
}

/** The same sources, with exactly these profiles for one region. */
export function replaceProfiles(
  profiles: ProfileSources,
  region: string,
  prefixes: readonly ProfilePrefix[],
): ProfileSources {
  const entries = profilePrefixes.map((prefix) => {
    const elsewhere = (profiles[prefix] ?? []).filter((each) => each !== region);
    return [prefix, prefixes.includes(prefix) ? [...elsewhere, region] : elsewhere] as const;
  });
  return Object.fromEntries(entries.filter(([, sources]) => sources.length > 0));
}
