/** Keys and their aliases, kept across restarts. They encrypt nothing: what counts is who may use them. */
import { join } from "node:path";
import { openKept } from "../kept.ts";

export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

export interface Key {
  /** A UUID. */
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly createdAtMs: number;
  readonly description: string;
  readonly state: KeyState;
  readonly deletionAtMs?: number | undefined;
  /** The key policy, as it was put. */
  readonly policy: string;
}

export interface Alias {
  /** `alias/my-key`. */
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly keyId: string;
  readonly createdAtMs: number;
}

interface KmsData {
  /** By ARN. */
  readonly keys: Readonly<Record<string, Key>>;
  readonly aliases: Readonly<Record<string, Alias>>;
}

export interface KmsStore {
  /** By id, alias or ARN of either, in a region. */
  find(name: string, region: string): Key | undefined;
  listKeys(region: string): Key[];
  listAliases(region: string): Alias[];
  saveKey(key: Key): Promise<void>;
  saveAlias(alias: Alias): Promise<void>;
  removeAlias(arn: string): Promise<void>;
}

export async function openKmsStore({ dataDir }: { readonly dataDir: string }): Promise<KmsStore> {
  const kept = await openKept<KmsData>(join(dataDir, "kms.json"), { keys: {}, aliases: {} });
  const listKeys = (region: string): Key[] => Object.values(kept.value.keys).filter((key) => key.region === region);
  const listAliases = (region: string): Alias[] =>
    Object.values(kept.value.aliases).filter((alias) => alias.region === region);
  return {
    listKeys,
    listAliases,
    find(name, region) {
      const alias = listAliases(region).find((each) => each.name === name || each.arn === name);
      const wanted = alias?.keyId ?? name;
      return listKeys(region).find(({ id, arn }) => id === wanted || arn === wanted);
    },
    saveKey: (key) => kept.update((data) => ({ ...data, keys: { ...data.keys, [key.arn]: key } })),
    saveAlias: (alias) => kept.update((data) => ({ ...data, aliases: { ...data.aliases, [alias.arn]: alias } })),
    removeAlias: (arn) =>
      kept.update((data) => ({
        ...data,
        aliases: Object.fromEntries(Object.entries(data.aliases).filter(([each]) => each !== arn)),
      })),
  };
}
