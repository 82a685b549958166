import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, policyArn } from "../fields.ts";
import { listVersions, writeVersion } from "../policy-versions.ts";
import { findPolicy } from "./get-policy.ts";

/** The versions of a managed policy, the newest first. */
export const listPolicyVersions: IamOperation = {
  name: "ListPolicyVersions",
  fields: { PolicyArn: policyArn, ...page },
  act(input, { store }) {
    const policy = findPolicy(store, input.get("PolicyArn"));
    return writePage(input, "Versions", [...listVersions(policy)].reverse(), (version) =>
      writeVersion(policy, version, "listed"),
    );
  },
};
