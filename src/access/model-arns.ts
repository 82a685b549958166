import { type AccessScope, findPartition } from "./policy.ts";

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
