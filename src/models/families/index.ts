import type { Family } from "../family.ts";
import { anthropicMessages } from "./anthropic-messages.ts";

/** Every family, by the name that `--family` takes. */
export const families: ReadonlyMap<string, Family> = new Map(
  [anthropicMessages].map((family) => [family.name, family]),
);

/** The family whose vendor prefix a base id has, or undefined. */
export function findFamilyOf(baseId: string): Family | undefined {
  const vendor = /^([a-z0-9]+)\./.exec(baseId)?.[1];
  return vendor === undefined ? undefined : [...families.values()].find(({ vendors }) => vendors.includes(vendor));
}
