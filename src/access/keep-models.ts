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

/** Every model there is, as a policy names them. */
const isEveryModel = (resource: string): boolean => resource.endsWith("::foundation-model/*");

/**
 * The policy with the models that the one before it names added to its own: a second `setup --model` takes no model away. Where the
 * one before names every model, its own are all that is left: that narrows it.
 */
export function addModels(policy: Policy, before: unknown): Policy {
  const statements = [(before as { Statement?: Statement | readonly Statement[] } | undefined)?.Statement ?? []].flat();
  const there = [statements.find((each) => each.Action !== undefined && invokes(each))?.Resource ?? []].flat();
  if (there.length === 0 || there.some(isEveryModel)) return policy;
  const models = there.filter((each) =>
    /:(foundation-model|(application-)?inference-profile|custom-model)\//.test(each),
  );
  return {
    ...policy,
    Statement: policy.Statement.map((each) => {
      if (!invokes(each)) return each;
      return { ...each, Resource: [...new Set([...[each.Resource ?? []].flat(), ...models])] };
    }),
  };
}
