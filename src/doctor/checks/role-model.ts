import { findPartition } from "../../access/policy.ts";
import type { ModelReader } from "../../aws/model-reading.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import type { ModelChoice } from "../../foundation/types/index.ts";
import { type Asker, askRights, type NeededRight } from "./ask-rights.ts";
import { type CheckResult, skip } from "./check.ts";
import { toRightsResult } from "./rights-result.ts";
import { type JobScope, makeModelArn } from "./scope.ts";

/**
 * May the service role invoke the model: the profile, and the model in every region that it sends to? A job finds out at
 * its end, minutes later. @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkRoleModel(asker: Asker, scope: JobScope, models: ModelReader): Promise<CheckResult> {
  const { model, roleArn } = scope;
  const subject = "model for the role";
  if (model === undefined) return skip(subject, "no model is named: give --model, or a table and a prompt");
  const { rights, isWhole } = await listInvokeRights(scope, model, models);
  const regions = rights.length - 1;
  const where = regions < 1 ? "" : ` and ${regions} ${regions === 1 ? "region" : "regions"} behind it`;
  const unseen = isWhole ? "" : "; the profile's regions could not be read, only this one was asked for";
  return toRightsResult({
    subject,
    sid: "HalfpriceInvokesTheModel",
    principalArn: roleArn,
    policyName: "halfprice-model",
    problems: await askRights(asker, rights),
    fine: `the role may invoke ${model.invokeId}${where}${unseen}`,
    toError: (problems, fix) => new HalfpriceError("ROLE_RIGHTS", { roleArn, problems, fix }),
  });
}

async function listInvokeRights(
  scope: JobScope,
  model: ModelChoice,
  models: ModelReader,
): Promise<{ readonly rights: readonly NeededRight[]; readonly isWhole: boolean }> {
  const action = "bedrock:InvokeModel";
  const own = makeModelArn(model, scope);
  if (!own.includes(":inference-profile/") && !own.includes(":application-inference-profile/"))
    return { rights: [{ action, resource: own }], isWhole: true };
  let behind: readonly string[];
  let isWhole = true;
  try {
    behind = await models.readDestinations(model.invokeId);
  } catch (error) {
    if (!isError(error, "SERVICE_REFUSED")) throw error;
    behind = [`arn:${findPartition(scope.region)}:bedrock:${scope.region}::foundation-model/${model.baseId}`];
    isWhole = false;
  }
  const rights = behind.map((resource): NeededRight => {
    const region = resource.split(":")[3] ?? "";
    // The global profile's second model has no region; such a call says `unspecified` (documented, not read again).
    const requested = region === "" ? "unspecified" : region;
    // AWS may change where a profile goes, and the model is AWS's in every region: so setup names it too.
    const grantOn = `arn:${findPartition(scope.region)}:bedrock:*::foundation-model/${model.baseId}`;
    return {
      action,
      resource,
      grantOn,
      keys: { "bedrock:InferenceProfileArn": own, "aws:RequestedRegion": requested },
    };
  });
  return { rights: [{ action, resource: own }, ...rights], isWhole };
}
