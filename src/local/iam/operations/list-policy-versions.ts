import { form } from "../../wire/query-fields.ts";
import { writePage } from "../answer.ts";
import { kept, page, policyArn } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { listVersions, writeVersion } from "../policy-versions.ts";
import { toPolicy } from "../rights.ts";
import { findPolicy } from "./get-policy.ts";

/** The versions of a managed policy, the newest first. */
export const listPolicyVersions = defineOperation({
  name: "ListPolicyVersions",
  wire: "action",
  input: form({ PolicyArn: policyArn, ...page }),
  rights: toPolicy("iam:ListPolicyVersions"),
  notes: { served: kept },
  act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    return writePage(input, "Versions", [...listVersions(policy)].reverse(), (version) =>
      writeVersion(policy, version, "listed"),
    );
  },
});
