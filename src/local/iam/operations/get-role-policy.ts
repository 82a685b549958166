import { QueryError } from "../../wire/query-service.ts";
import { leaf } from "../../wire/xml.ts";
import { writeDocument } from "../answer.ts";
import type { IamOperation } from "../context.ts";
import { policyName, roleName } from "../fields.ts";

export const getRolePolicy: IamOperation = {
  name: "GetRolePolicy",
  fields: { RoleName: roleName, PolicyName: policyName },
  act(input, { store }) {
    const role = store.getRole(input.get("RoleName"));
    const name = input.get("PolicyName");
    const document = role.inline[name];
    if (document === undefined) {
      throw new QueryError("NoSuchEntity", 404, `The role policy with name ${name} cannot be found.`);
    }
    return leaf("RoleName", role.name) + leaf("PolicyName", name) + writeDocument("PolicyDocument", document);
  },
};
