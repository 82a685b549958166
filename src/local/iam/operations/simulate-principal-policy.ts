import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { kept, policyArn } from "../fields.ts";
import type { IamContext } from "../operation.ts";
import { defineOperation } from "../operation.ts";
import { findPrincipalContext, type PrincipalContext } from "../principal-context.ts";
import { toSource } from "../rights.ts";
import { policyList, readPolicies, simulate, simulationFields } from "../simulate.ts";

/** What a user or role may do, as far as its own policies and boundary say. */
export const simulatePrincipalPolicy = defineOperation({
  name: "SimulatePrincipalPolicy",
  wire: "action",
  input: form({ PolicySourceArn: policyArn, ...policyList(false), ...simulationFields }),
  rights: toSource("iam:SimulatePrincipalPolicy"),
  notes: { served: kept, differs: "without the positions of statements; knows nothing of the organisation" },
  act(input, context) {
    const { principal, policies, boundary, keys } = getSource(input.get("PolicySourceArn"), context);
    const [asked] = readPolicies(input, "PermissionsBoundaryPolicyInputList");
    const identity = [...policies, ...readPolicies(input, "PolicyInputList")];
    return simulate(input, { principal, identity, boundary: asked ?? boundary, keys });
  },
});

/** @throws QueryError InvalidInput, NoSuchEntity */
function getSource(arn: string, { store, world: { accountId }, administrator }: IamContext): PrincipalContext {
  const [, kind, name = ""] = /^arn:[\w-]+:iam::\d{12}:(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind === undefined) {
    // Words unconfirmed: a session is refused, its role's ARN is wanted.
    throw new QueryError(
      "InvalidInput",
      400,
      `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
    );
  }
  if (arn === administrator.arn) return findPrincipalContext(administrator, { accountId }, store);
  if (kind === "user") return findPrincipalContext(store.getUser(name), { accountId }, store);
  const role = store.getRole(name);
  const session = {
    arn: `arn:${role.arn.split(":")[1]}:sts::${accountId}:assumed-role/${role.name}/simulated`,
    userId: `${role.id}:simulated`,
  };
  return findPrincipalContext(role, { accountId, session }, store);
}
