import type { KnownCaller } from "../access/caller.ts";
import type { WantedPart } from "../access/plan-parts.ts";
import { makeKeyStatements } from "../access/policies.ts";
import type { AccessScope } from "../access/policy.ts";
import type { KeyAccess } from "../aws/kms.ts";
import type { Identity } from "../aws/sts.ts";
import type { Advice } from "../doctor/advise-role.ts";
import type { KeyVerdict } from "../doctor/checks/judge-key-policy.ts";
import { checkKey } from "../doctor/checks/key.ts";
import { checkKeyPolicy, makeMissingStatements } from "../doctor/checks/key-policy.ts";
import { addStatements } from "../doctor/repair.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";

interface KeyRequest {
  readonly keyArn: string;
  readonly scope: AccessScope;
  readonly caller: KnownCaller;
  readonly identity: Identity;
  readonly keys: KeyAccess;
  /** Whether the key's policy may be changed. */
  readonly mayChange: boolean;
}

/** What the policy of a key lacks. */
export interface KeyPolicyPlan {
  readonly advice: readonly Advice[];
  readonly wanted: readonly WantedPart[];
}

/**
 * Says whether a key's own policy lets caller and role use it; where it does not, what to add, or, when asked, a part that
 * adds it. No statement goes out. @throws KEY_UNUSABLE; SETUP_DENIED where a policy that is to be changed cannot be read
 */
export async function planKeyPolicy(request: KeyRequest): Promise<KeyPolicyPlan> {
  const { keyArn, scope, caller, identity, keys, mayChange } = request;
  const { accountId, region, roleArn, bucket } = scope;
  const question = { kmsKey: keyArn, encryption: "none", bucket, region, accountId, keys } as const;
  const { result, used } = await checkKey({ ...question, isLocal: identity.isLocal });
  if (result.error !== undefined) throw result.error;
  // AWS's own key of S3 admits everybody in the account who comes through S3.
  if (used === undefined && result.status === "pass") return { advice: [], wanted: [] };
  const isOurs = used?.accountId === accountId;
  const text = used !== undefined && isOurs ? await keys.readPolicy(used.arn) : undefined;
  const keyScope = { accountId, region, roleArn, callerArn: caller.arn, callerSource: caller.arn };
  const view = used === undefined || text === undefined ? undefined : checkKeyPolicy(text, used, keyScope);
  if (used === undefined || text === undefined || view?.verdicts === undefined) {
    const why = isOurs || used === undefined ? "(kms:GetKeyPolicy)" : `: it is account ${used.accountId}'s`;
    if (mayChange && used !== undefined)
      throw new HalfpriceError("SETUP_DENIED", {
        callerArn: caller.arn,
        message: `the policy of ${keyArn} could not be read ${why}`,
      });
    const unseen = `The policy of the key ${keyArn} could not be read ${why}. Where it does not leave access to IAM (a statement for the account's root), it needs these statements too:`;
    return { advice: [{ text: unseen, document: makeKeyStatements(scope, caller.arn) }], wanted: [] };
  }
  const { verdicts, result: found } = view;
  const say = (words: string, more: Omit<Advice, "text"> = {}): Advice => ({
    text: `The policy of the key ${used.arn} ${words}`,
    ...more,
  });
  const advice = sayRest(verdicts, say);
  const statements = makeMissingStatements(keyScope, verdicts);
  if (statements.length === 0) {
    const isFine = found.status === "pass";
    return { advice: isFine ? [say(`${found.finding}; it is left as it is.`)] : advice, wanted: [] };
  }
  const who = new Set(verdicts.filter(({ kind }) => kind === "missing").map((each) => `the ${each.who}`));
  const lacking = [...who].join(" and ");
  if (mayChange) {
    const key = { kind: "key-policy", keyArn: used.arn } as const;
    const want = (current: unknown): unknown => addStatements(JSON.stringify(current), statements);
    return { advice, wanted: [{ key, about: `lets ${lacking} use it; what is there stays`, want }] };
  }
  const before: unknown = JSON.parse(text);
  const lacks = say(
    `does not let ${lacking} use it, and does not leave that to IAM. --change-key-policy makes this change:`,
    { document: statements, change: { before, after: addStatements(text, statements) }, isNeeded: true },
  );
  return { advice: [...advice, lacks], wanted: [] };
}

/** What no further statement would fix: a Deny, or what depends on conditions that are not known here. */
function sayRest(
  verdicts: readonly KeyVerdict[],
  say: (words: string, more?: Omit<Advice, "text">) => Advice,
): readonly Advice[] {
  const reasons = (kind: KeyVerdict["kind"]): string =>
    verdicts
      .filter((each) => each.kind === kind)
      .map(({ because }) => because)
      .join("; ");
  const [denied, unsure] = [reasons("denied"), reasons("unsure")];
  return [
    ...(denied === "" ? [] : [say(`refuses: ${denied}. No Allow outweighs a Deny: take it out.`, { isNeeded: true })]),
    ...(unsure === "" ? [] : [say(`may refuse: ${unsure}.`)]),
  ];
}
