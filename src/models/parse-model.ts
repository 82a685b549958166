import type { ProfilePrefix } from "./catalogue-model.ts";

/** A model identifier, taken apart. */
export interface ParsedModel {
  /** The base model's id; an ARN that does not say which model is behind it stands for itself. */
  readonly baseId: string;
  readonly prefix: ProfilePrefix | undefined;
  /** As the user wrote it, when it is an ARN. */
  readonly arn: string | undefined;
  /** The kind of thing that the ARN names: `foundation-model`, `inference-profile`, `custom-model` and others. */
  readonly arnKind: string | undefined;
}

/** The narrowest first: of several that a region can call, that one is taken. */
export const profilePrefixes: readonly ProfilePrefix[] = [
  ...(["us-gov", "ca", "jp", "au", "in", "us", "eu", "apac", "global"] as const),
];

/** A vendor's name, a dot and more: an id. Aliases have their first dot, if any, in a version. */
const modelId = /^(?:us-gov\.)?[a-z0-9]+\.\S/;

/** Whether a text has the form of a model's id. */
export function isModelId(model: string): boolean {
  return modelId.test(model);
}

/** Takes a model's name apart: alias, id, profile or ARN. */
export function parseModel(model: string): ParsedModel {
  const arn = /^arn:aws[^:]*:bedrock:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(model);
  const [, arnKind, inArn] = arn ?? [];
  const id = inArn ?? model;
  // Application profiles and custom models do not say which base model is behind them.
  if (arnKind !== undefined && arnKind !== "foundation-model" && arnKind !== "inference-profile") {
    return { baseId: model, prefix: undefined, arn: model, arnKind };
  }
  const prefix = profilePrefixes.find((each) => id.startsWith(`${each}.`));
  const baseId = prefix === undefined ? id : id.slice(prefix.length + 1);
  return { baseId, prefix, arn: arnKind === undefined ? undefined : model, arnKind };
}

/**
 * The service's pattern of model ids takes two dots, or one behind a profile's prefix: `us.deepseek.v3.2` is refused
 * before anything else is looked at. Its ARN passes.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html, read 2026-11-21
 */
export function breaksIdPattern({ prefix, arn, baseId }: ParsedModel): boolean {
  return arn === undefined && prefix !== undefined && baseId.split(":")[0]?.split(".").length !== 2;
}
