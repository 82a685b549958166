import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type Asker, askRights } from "./ask-rights.ts";
import { type CheckResult, warn } from "./check.ts";
import { type KeyVerdict, keyActions } from "./judge-key-policy.ts";
import type { UsedKey } from "./key.ts";
import { toRightsResult } from "./rights-result.ts";
import type { JobScope } from "./scope.ts";

/**
 * May caller or role use the key, by their own policies? What the key's policy grants by name, or has to, is enough without
 * them in one account.
 * @param verdicts of the key's policy; undefined where it was not seen
 */
export async function checkKeyRights(
  asker: Asker,
  scope: JobScope,
  used: UsedKey,
  verdicts: readonly KeyVerdict[] | undefined,
  who: "caller" | "role",
): Promise<CheckResult> {
  const subject = `key for the ${who}`;
  const { region } = scope;
  const keys = { "kms:ViaService": `s3.${region}.amazonaws.com` };
  const asked = await askRights(
    asker,
    keyActions.map((action) => ({ action, resource: used.arn, keys })),
  );
  const own = verdicts?.filter((each) => each.who === who) ?? [];
  const isEnough = (action: string): boolean => own.some((each) => each.action === action && each.isEnough);
  const problems = asked?.filter(({ kind, right }) => kind !== "missing" || !isEnough(right.action));
  const { principalArn } = asker;
  const isByName = own.length > 0 && own.every(({ kind }) => kind === "named");
  const result = toRightsResult({
    subject,
    sid: "HalfpriceUsesTheKey",
    principalArn,
    policyName: "halfprice-key",
    problems,
    fine: `the ${who} may use ${used.arn}${isByName ? ", by the key's own policy" : ""}`,
    toError: (lines, fix) =>
      who === "role"
        ? new HalfpriceError("ROLE_RIGHTS", { roleArn: scope.roleArn, problems: lines, fix })
        : new HalfpriceError("CALLER_RIGHTS", { caller: scope.callerArn, problems: lines, fix }),
  });
  const isOpen = verdicts === undefined && used.accountId === scope.accountId;
  if (result.status !== "fail" || !isOpen || problems?.some(({ kind }) => kind !== "missing") === true) return result;
  // Where the key's policy names it, nothing is missing: who may not see that policy cannot tell.
  const finding = `no policy of ${principalArn} allows it, so the key's own policy has to, which this caller may not read (kms:GetKeyPolicy)`;
  const { fix, paste } = result;
  return warn(subject, finding, { isLikely: true, ...(fix && { fix }), ...(paste && { paste }) });
}
