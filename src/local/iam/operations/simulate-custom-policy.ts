import type { IamOperation } from "../context.ts";
import { policyList, readPolicies, simulate, simulationFields } from "../simulate.ts";

/** What policies that are kept nowhere would allow. */
export const simulateCustomPolicy: IamOperation = {
  name: "SimulateCustomPolicy",
  fields: { ...policyList(true), ...simulationFields },
  act(input, { world: { accountId } }) {
    const arn = input.find("CallerArn") ?? `arn:aws:iam::${accountId}:user/anybody`;
    const [boundary] = readPolicies(input, "PermissionsBoundaryPolicyInputList");
    return simulate(input, {
      principal: { kind: "user", arn, accountId: arn.split(":")[4] ?? accountId },
      identity: readPolicies(input, "PolicyInputList"),
      boundary,
      keys: new Map(),
    });
  },
};
