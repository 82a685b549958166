import { toAll } from "../../operation.ts";
import { form } from "../../wire/query-fields.ts";
import { kept } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { policyList, readPolicies, simulate, simulationFields } from "../simulate.ts";

/** What policies that are kept nowhere would allow. */
export const simulateCustomPolicy = defineOperation({
  name: "SimulateCustomPolicy",
  wire: "action",
  input: form({ ...policyList(true), ...simulationFields }),
  rights: toAll("iam:SimulateCustomPolicy"),
  notes: { served: kept, differs: "without the positions of statements" },
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
});
