/**
 * Application inference profiles: names of an account's own for a model, or for a cross-Region profile of it, that carry tags
 * (sources#application-profiles).
 */
import { openKept } from "../kept.ts";

export interface ApplicationProfile {
  /** Twelve of a-z and 0-9. */
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** The ARN of the model or system-defined profile that it was made from. */
  readonly source: string;
  readonly clientRequestToken?: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface ApplicationProfiles {
  find(arn: string): ApplicationProfile | undefined;
  list(region: string): readonly ApplicationProfile[];
  save(profile: ApplicationProfile): Promise<void>;
  remove(arn: string): Promise<void>;
}

/** What finding out about a model needs of them. */
export type FindProfile = Pick<ApplicationProfiles, "find">;

export async function openApplicationProfiles(path: string): Promise<ApplicationProfiles> {
  const kept = await openKept<Readonly<Record<string, ApplicationProfile>>>(path, {});
  return {
    find: (arn) => (Object.hasOwn(kept.value, arn) ? kept.value[arn] : undefined),
    list: (region) => Object.values(kept.value).filter((profile) => profile.region === region),
    save: (profile) => kept.update((profiles) => ({ ...profiles, [profile.arn]: profile })),
    remove: (arn) =>
      kept.update((profiles) => Object.fromEntries(Object.entries(profiles).filter(([each]) => each !== arn))),
  };
}
