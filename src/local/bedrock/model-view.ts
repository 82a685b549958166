/** Models and profiles as the control plane writes them. */

import {
  findReference,
  hasProfile,
  listDestinations,
  makeFoundationArn,
  makeProfileArn,
} from "../models/answers/reference.ts";
import type { ApplicationProfile } from "../models/application-profiles.ts";
import type { Model } from "../models/model.ts";
import { geographies } from "../models/profiles.ts";

/** Whether a Region knows the model at all. */
export const isIn = (model: Model, region: string): boolean =>
  model.regions.includes(region) || model.profileRegions.includes(region) || hasProfile(model, region);

/**
 * How a model can be asked. The SDK's enum has ON_DEMAND and PROVISIONED only; for a model that needs a profile the answer
 * lacks ON_DEMAND (sources#model-ids). That it says INFERENCE_PROFILE instead is unconfirmed.
 */
export const inferenceTypesOf = (model: Model, region: string): string[] =>
  model.regions.includes(region) ? ["ON_DEMAND"] : ["INFERENCE_PROFILE"];

/** A model as List and Get write it. */
export const summarizeModel = (model: Model, region: string): Record<string, unknown> => ({
  modelArn: makeFoundationArn(region, model.id),
  modelId: model.id,
  modelName: model.name,
  providerName: model.provider,
  inputModalities: model.input,
  outputModalities: model.output,
  responseStreamingSupported: model.output.includes("TEXT"),
  customizationsSupported: [],
  inferenceTypesSupported: inferenceTypesOf(model, region),
  modelLifecycle: { status: model.lifecycle },
});

// A profile's birthday is nobody's concern here, but the member is always there.
const profileTime = "2026-01-01T00:00:00Z";

/** An application profile as List and Get write it. */
export function describeApplication(profile: ApplicationProfile, accountId: string): Record<string, unknown> {
  const { name, description, arn, id, source, region, createdAtMs, updatedAtMs } = profile;
  const behind = findReference(source, region, accountId);
  const regions = behind?.prefix === undefined ? [region] : listDestinations(behind.model, behind.prefix, region);
  return {
    inferenceProfileName: name,
    description,
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
    inferenceProfileArn: arn,
    models: behind === undefined ? [] : regions.map((each) => ({ modelArn: makeFoundationArn(each, behind.model.id) })),
    inferenceProfileId: id,
    status: "ACTIVE",
    type: "APPLICATION",
  };
}

/** A cross-Region profile as List and Get write it. */
export function describeProfile(
  model: Model,
  prefix: string,
  region: string,
  accountId: string,
): Record<string, unknown> {
  const geography = geographies[prefix];
  const regions = listDestinations(model, prefix, region);
  const routes = regions.includes("") ? "globally across all supported AWS Regions" : `in ${regions.join(", ")}`;
  return {
    inferenceProfileName: `${geography?.name ?? prefix} ${model.provider} ${model.name}`,
    description: `Routes requests to ${model.provider} ${model.name} ${routes}.`,
    createdAt: profileTime,
    updatedAt: profileTime,
    inferenceProfileArn: makeProfileArn(region, accountId, `${prefix}.${model.id}`),
    models: regions.map((destination) => ({
      modelArn: makeFoundationArn(destination, model.id),
    })),
    inferenceProfileId: `${prefix}.${model.id}`,
    status: "ACTIVE",
    type: "SYSTEM_DEFINED",
  };
}
