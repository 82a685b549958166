import { checkPolicyDocument } from "../../iam/policy-document.ts";
import { makeTagKeys } from "../../iam/request-keys.ts";
import type { IamStore, Role } from "../../iam/store.ts";
import type { Rights } from "../../operation.ts";
import type { Caller, WireRequest } from "../../service.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form, type Input, readTags } from "../../wire/query-fields.ts";
import { element, leaf } from "../../wire/xml.ts";
import type { StsContext } from "../operation.ts";
import { defineOperation, writeCredentials } from "../operation.ts";

/** A session that came of another one lives an hour at most ("Role chaining", IAM user guide). */
const chainedSeconds = 3600;
const sessionName = "[\\w+=,.@-]*";

/**
 * A role that is not there looks like one that may not be assumed: nobody learns which names exist.
 * @throws QueryError ValidationError, AccessDenied
 */
function getRole(arn: string, roles: IamStore, caller: Caller): Role {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(arn)) throw new QueryError("ValidationError", 400, `${arn} is invalid`);
  const role = roles.findRoleByArn(arn);
  if (role !== undefined) return role;
  throw new QueryError(
    "AccessDenied",
    403,
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  );
}

const actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] as const;

/** The role's trust policy has to let the caller in, with all that the session brings. */
const rights: Rights<Input, StsContext, WireRequest, (typeof actions)[number]> = {
  actions,
  list(input, { roles }, { caller }) {
    const role = getRole(input.get("RoleArn"), roles, caller);
    const tags = readTags(input, "Tags");
    const keys = {
      "sts:ExternalId": input.find("ExternalId"),
      "sts:RoleSessionName": input.get("RoleSessionName"),
      "sts:SourceIdentity": input.find("SourceIdentity"),
      ...makeTagKeys(tags),
    };
    const asked = actions.filter(
      (action) =>
        action === "sts:AssumeRole" ||
        (action === "sts:TagSession" ? tags.length > 0 : input.find("SourceIdentity") !== undefined),
    );
    return asked.map((action) => ({ action, resource: role.arn, trust: role.trust, keys }));
  },
};

/** Credentials with which the caller is that role. Its trust policy is asked where IAM is enforced. */
export const assumeRole = defineOperation({
  name: "AssumeRole",
  wire: "action",
  input: form({
    RoleArn: {
      type: "string",
      isRequired: true,
      min: 20,
      max: 2048,
      pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]+",
    },
    RoleSessionName: { type: "string", isRequired: true, min: 2, max: 64, pattern: sessionName },
    PolicyArns: { type: "list", max: 10, members: { arn: { type: "string", min: 20, max: 2048 } } },
    Policy: { type: "string", min: 1, max: 2048, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" },
    DurationSeconds: { type: "integer", min: 900, max: 43_200 },
    Tags: { type: "tags", max: 50 },
    TransitiveTagKeys: { type: "list", max: 50, each: { min: 1, max: 128 } },
    ExternalId: { type: "string", min: 2, max: 1224, pattern: "[\\w+=,.@:\\/-]*" },
    SerialNumber: { type: "string", min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
    TokenCode: { type: "string", min: 6, max: 6, pattern: "[\\d]*" },
    SourceIdentity: { type: "string", min: 2, max: 64, pattern: sessionName },
  }),
  rights,
  notes: {
    served: "yes",
    differs: "the role's trust policy is asked where IAM is enforced; MFA is taken and not checked",
  },
  async act(input, { roles, sessions, wallMs }, { caller }) {
    const role = getRole(input.get("RoleArn"), roles, caller);
    const policy = input.find("Policy");
    if (policy !== undefined) checkPolicyDocument(policy, "permissions");
    const durationSeconds = Number(input.find("DurationSeconds") ?? 3600);
    if (durationSeconds > role.maxSessionSeconds) {
      throw new QueryError(
        "ValidationError",
        400,
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    }
    if (caller.arn.includes(":assumed-role/") && durationSeconds > chainedSeconds) {
      throw new QueryError(
        "ValidationError",
        400,
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
      );
    }
    const name = input.get("RoleSessionName");
    const session = await sessions.issue({
      caller: {
        accountId: caller.accountId,
        arn: `arn:${role.arn.split(":")[1]}:sts::${caller.accountId}:assumed-role/${role.name}/${name}`,
        userId: `${role.id}:${name}`,
      },
      expiresAtMs: Math.floor(wallMs() / 1000 + durationSeconds) * 1000,
      policies: policy === undefined ? [] : [policy],
      policyArns: input.list("PolicyArns").map((each) => each.get("arn")),
    });
    return [
      element("AssumedRoleUser", leaf("AssumedRoleId", session.caller.userId), leaf("Arn", session.caller.arn)),
      writeCredentials(session),
      // How much of the room for session policies is taken, in percent; AWS says so only where some was.
      policy === undefined ? "" : leaf("PackedPolicySize", Math.max(1, Math.ceil((policy.length / 2048) * 100))),
      leaf("SourceIdentity", input.find("SourceIdentity")),
    ].join("");
  },
});
