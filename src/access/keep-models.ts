import type { Policy, Statement } from "./policy.ts";

/** Whether a statement is about models. */
const invokes = ({ Action }: Pick<Statement, "Action">): boolean =>
  [Action].flat().some((action) => action === "bedrock:InvokeModel" || action === "bedrock:GetFoundationModel");

/** The policy with the models that the one before it names: where no model is asked for, none is given or taken away. */
export function keepModels(policy: Policy, before: unknown): Policy {
  const statements = [(before as { Statement?: Statement | readonly Statement[] } | undefined)?.Statement ?? []].flat();
  const resource = statements.find((each) => each.Action !== undefined && invokes(each))?.Resource;
  if (resource === undefined) return policy;
  return {
    ...policy,
    Statement: policy.Statement.map((each) => (invokes(each) ? { ...each, Resource: resource } : each)),
  };
}
