/**
 * The forms in which a model is named: its id, the ARN of the foundation model, the id of an inference profile, that
 * profile's ARN, the ARN of an application inference profile. The service writes the full ARN back, whatever was sent (sources#job-list, ListModelInvocationJobs).
 */
import { partitionOf } from "../../partition.ts";
import type { FindProfile } from "../application-profiles.ts";
import { catalogue, findModel } from "../catalogue.ts";
import type { Model } from "../model.ts";
import { geographies, otherDestinations } from "../profiles.ts";

export interface ModelReference {
  readonly model: Model;
  /** As the service writes it. */
  readonly arn: string;
  /** The id without the ARN around it: of the profile, where one is named. */
  readonly id: string;
  /** The profile's prefix, `us`; undefined where the model itself is named. */
  readonly prefix: string | undefined;
  /** Of an application profile: the ARN of the model or profile that it was made from. */
  readonly source?: string;
}

const foundationArn = /^arn:aws(?:-[^:]+)?:bedrock:([a-z0-9-]*)::foundation-model\/(.+)$/;
const profileArn = /^arn:aws(?:-[^:]+)?:bedrock:([a-z0-9-]*):([0-9]{12}):inference-profile\/(.+)$/;

/** The ARN of a foundation model in a Region; the global profile's second model has an empty Region. */
export const makeFoundationArn = (region: string, id: string): string =>
  `arn:${partitionOf(region)}:bedrock:${region}::foundation-model/${id}`;

/** The ARN of a system-defined inference profile. */
export const makeProfileArn = (region: string, accountId: string, id: string): string =>
  `arn:${partitionOf(region)}:bedrock:${region}:${accountId}:inference-profile/${id}`;

function findProfile(id: string): { model: Model; prefix: string } | undefined {
  const dot = id.indexOf(".");
  const prefix = id.slice(0, dot);
  const model = findModel(id.slice(dot + 1));
  return model?.profiles[prefix] !== undefined ? { model, prefix } : undefined;
}

/**
 * What a model identifier means in a Region, or undefined where nothing is known by it.
 * @param profiles where application profiles are kept; they are named by their ARN alone
 */
export function findReference(
  identifier: string,
  region: string,
  accountId: string,
  profiles?: FindProfile,
): ModelReference | undefined {
  const own = profiles?.find(identifier);
  if (own !== undefined) {
    const { source, arn, id } = own;
    const behind = own.region === region ? findReference(source, region, accountId) : undefined;
    return behind && { ...behind, arn, id, source };
  }
  const foundation = foundationArn.exec(identifier);
  const id = foundation?.[2] ?? profileArn.exec(identifier)?.[3] ?? identifier;
  const model = findModel(id);
  if (model !== undefined) {
    return { model, id, prefix: undefined, arn: makeFoundationArn(foundation?.[1] ?? region, id) };
  }
  const profile = foundation === null ? findProfile(id) : undefined;
  if (profile === undefined) return undefined;
  return { ...profile, id, arn: makeProfileArn(profileArn.exec(identifier)?.[1] ?? region, accountId, id) };
}

/** The ARN of an application inference profile. */
export const makeApplicationArn = (region: string, accountId: string, id: string): string =>
  `arn:${partitionOf(region)}:bedrock:${region}:${accountId}:application-inference-profile/${id}`;

/** The ARN that an application profile's id or ARN stands for, whether there is one or not. */
export const asApplicationArn = (identifier: string, region: string, accountId: string): string =>
  identifier.startsWith("arn:") ? identifier : makeApplicationArn(region, accountId, identifier);

/** Words of the refusals that concern a model. */
export const modelWords = {
  invalid: "The provided model identifier is invalid.",
  noBatch: "Batch inference is not supported for the requested model.",
  noBatchHere: (id: string, region: string) => `Batch inference is not supported for model ${id} in region ${region}`,
  needsProfile: (id: string) =>
    `Invocation of model ID ${id} with on-demand throughput isn’t supported. ` +
    "Retry your request with the ID or ARN of an inference profile that contains this model.",
} as const;

/**
 * Why CreateModelInvocationJob refuses a model, or undefined. It looks only at whether there is batch, not at whether the
 * id can be invoked (sources#where-checks-happen, sources#model-ids). Both wordings of a model without batch were seen; which one comes when is unconfirmed: the
 * second was reported for a model that runs in batch by itself, but in another Region. It is given as well to a profile that
 * the Region can call, but not in batch (the global one, reported from eu-west-1); unconfirmed that these are its words.
 */
export function findBatchProblem(reference: ModelReference | undefined, region: string): string | undefined {
  if (reference === undefined) return modelWords.invalid;
  const { model, prefix, id } = reference;
  if (!model.batch) return modelWords.noBatch;
  if (prefix !== undefined) {
    const isListed = model.profileRegions.includes(region) || !canUseProfile(model, prefix, region);
    return isListed ? undefined : modelWords.noBatchHere(id, region);
  }
  if (model.regions.includes(region)) return undefined;
  const profileOnly = model.regions.length === 0 && model.profileRegions.includes(region);
  return profileOnly ? undefined : modelWords.noBatchHere(id, region);
}

/** Why a model cannot be invoked from a Region under this name, or undefined (sources#model-ids). */
export function findInvokeProblem(reference: ModelReference | undefined, region: string): string | undefined {
  if (reference === undefined) return modelWords.invalid;
  const { model, prefix, id } = reference;
  if (prefix !== undefined) return canUseProfile(model, prefix, region) ? undefined : modelWords.invalid;
  if (model.regions.includes(region)) return undefined;
  return hasProfile(model, region) ? modelWords.needsProfile(id) : modelWords.invalid;
}

/** Whether a Region can send to this profile of the model. */
export function canUseProfile(model: Model, prefix: string, region: string): boolean {
  return model.profiles[prefix]?.includes(region) === true;
}

/** Whether a Region can send to any profile of the model. */
export const hasProfile = (model: Model, region: string): boolean =>
  Object.keys(model.profiles).some((prefix) => canUseProfile(model, prefix, region));

/**
 * The Regions that a profile of a model may send to from a Region: those of the geography and the Region itself. The
 * global one's second has no name (sources#role-rights).
 */
export function listDestinations({ id }: Pick<Model, "id">, prefix: string, region: string): readonly string[] {
  const other = otherDestinations.find(
    ([forPrefix, start, , from = region]) => forPrefix === prefix && id.startsWith(start) && from === region,
  );
  const to = other?.[2] ?? geographies[prefix]?.to ?? [];
  if (to.length === 0) return [region, ""];
  return to.includes(region) ? to : [...to, region].sort();
}

/** The cross-Region profiles that a Region has, in the order of the catalogue. */
export function listProfiles(region: string): { model: Model; prefix: string; id: string }[] {
  return catalogue.flatMap((model) =>
    Object.keys(model.profiles)
      .filter((prefix) => canUseProfile(model, prefix, region))
      .map((prefix) => ({ model, prefix, id: `${prefix}.${model.id}` })),
  );
}
