/** Models and profiles as the control plane writes them. */
import type { Model } from "../models/model.ts";
import { geographies } from "../models/profiles.ts";
import { hasProfile, listDestinations, makeFoundationArn, makeProfileArn } from "../models/reference.ts";

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
