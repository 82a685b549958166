import { element, leaf } from "../../wire/xml.ts";
import { writePage } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { page, policyPath, roleName } from "../fields.ts";

export const listAttachedRolePolicies: IamOperation = {
  name: "ListAttachedRolePolicies",
  fields: { RoleName: roleName, PathPrefix: policyPath, ...page },
  act(input, { store }) {
    const prefix = input.find("PathPrefix") ?? "/";
    const attached = store.getRole(input.get("RoleName")).attached.filter((arn) => pathOf(arn).startsWith(prefix));
    return writePage(input, "AttachedPolicies", attached, (arn) =>
      element("member", leaf("PolicyName", arn.slice(arn.lastIndexOf("/") + 1)), leaf("PolicyArn", arn)),
    );
  },
};

const pathOf = (arn: string): string => arn.slice(arn.indexOf(":policy/") + ":policy".length, arn.lastIndexOf("/") + 1);
