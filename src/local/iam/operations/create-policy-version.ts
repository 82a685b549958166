import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { element, leaf } from "../../wire/xml.ts";
import { writeTime } from "../answer.ts";
import { kept, policyArn, policyDocument } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { checkPolicyDocument } from "../policy-document.ts";
import { listVersions, mostVersions, withDefault } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

/** A further version, in force where that is asked. */
export const createPolicyVersion = defineOperation({
  name: "CreatePolicyVersion",
  wire: "action",
  input: form({ PolicyArn: policyArn, PolicyDocument: policyDocument, SetAsDefault: { type: "boolean" } }),
  rights: toPolicy("iam:CreatePolicyVersion"),
  notes: { served: kept },
  async act(input, { store, world }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    const document = input.get("PolicyDocument");
    checkPolicyDocument(document, "permissions");
    const versions = listVersions(policy);
    if (versions.length >= mostVersions) {
      throw new QueryError(
        "LimitExceeded",
        409,
        `A managed policy can have up to ${mostVersions} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const lastVersion = (policy.lastVersion ?? 1) + 1;
    const version = { id: `v${lastVersion}`, document, createdAtMs: world.clock.nowMs() };
    const isDefault = input.find("SetAsDefault")?.toLowerCase() === "true";
    const changed = { ...policy, lastVersion, versions: [...versions, version] };
    await store.savePolicy(isDefault ? withDefault(changed, version) : changed);
    return element(
      "PolicyVersion",
      leaf("VersionId", version.id),
      leaf("IsDefaultVersion", isDefault),
      writeTime("CreateDate", version.createdAtMs),
    );
  },
});
