import { type AccessScope, findPartition } from "./policy.ts";

/** Whether an ARN is that of an application inference profile. */
export const isApplicationArn = (arn: string): boolean => arn.includes(":application-inference-profile/");

/**
 * A profile's right needs the profile and the model in every region that it may route to. Which regions those are AWS may
 * change, so the model is named in all: it is AWS's, and nothing of the account's.
 */
export function listModelArns({ accountId, region, model }: AccessScope): readonly string[] {
  const bedrock = `arn:${findPartition(region)}:bedrock`;
  if (model === undefined) {
    return [`${bedrock}:*::foundation-model/*`, `${bedrock}:${region}:${accountId}:inference-profile/*`];
  }
  const arns = [model].flat().flatMap(({ invokeId, baseId, route }) => {
    if (isApplicationArn(invokeId) && !baseId.startsWith("arn:"))
      return [invokeId, `${bedrock}:${route === "region" ? region : "*"}::foundation-model/${baseId}`];
    if (invokeId.startsWith("arn:")) return [invokeId, `${bedrock}:*::foundation-model/*`];
    if (route === "region") return [`${bedrock}:${region}::foundation-model/${baseId}`];
    // The global profile asks with an empty region, which `*` matches too.
    return [
      `${bedrock}:${region}:${accountId}:inference-profile/${invokeId}`,
      `${bedrock}:*::foundation-model/${baseId}`,
    ];
  });
  return [...new Set(arns)];
}
