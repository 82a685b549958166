import type { ModelChoice } from "../foundation/types/index.ts";
import type { ParsedModel } from "./parse-model.ts";

/** Whether a name is the ARN of an application inference profile: one that an account made for a model, or for a profile of it. */
export const isApplicationProfile = ({ arnKind }: Pick<ParsedModel, "arnKind">): boolean =>
  arnKind === "application-inference-profile";

/** What is behind an application profile. */
export interface ModelBehind {
  readonly baseId: string;
  readonly route: Exclude<ModelChoice["route"], "given">;
  /** How many regions it sends to; the global profile's are not counted. */
  readonly regionCount: number;
}

/**
 * Reads the models that a profile sends to, each of one region.
 * @param arns of foundation models; the global profile's second one has no region
 * @returns undefined where they name no model, or several
 */
export function readModelBehind(arns: readonly string[]): ModelBehind | undefined {
  const found = arns.map((arn) => /^arn:aws[^:]*:bedrock:([^:]*)::foundation-model\/(.+)$/.exec(arn));
  const ids = new Set(found.map((match) => match?.[2]));
  const [baseId] = ids;
  if (baseId === undefined || ids.size !== 1) return undefined;
  const regions = found.map((match) => match?.[1] ?? "");
  const route = regions.includes("") ? "global" : regions.length > 1 ? "geo" : "region";
  return { baseId, route, regionCount: regions.length };
}
