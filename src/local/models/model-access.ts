/** What the account has not got of models: by default it may use every one. */
import { Refusal } from "../wire/refusal.ts";
import type { Model } from "./model.ts";

/** What may be missing between an account and a model (sources#model-access). */
export const modelLacks = ["agreement", "pending-agreement", "use-case-form", "entitlement", "authorization"] as const;
export type ModelLack = (typeof modelLacks)[number];

export interface ModelAccess {
  /** What is missing for a model; undefined where nothing is. */
  find(model: Model): ModelLack | undefined;
  /** Whether the account has sent the form that Anthropic wants. */
  readonly hasForm: boolean;
}

/**
 * Reads settings of the form `lack` or `model id:lack`: `use-case-form`, `amazon.nova-lite-v1:0:agreement`.
 * @throws RangeError with what is wrong
 */
export function parseModelAccess(settings: readonly string[] = []): ModelAccess {
  const lacks = settings.map((text) => {
    const lack = modelLacks.find((each) => text === each || text.endsWith(`:${each}`));
    if (lack === undefined)
      throw new RangeError(
        `${text} is no model access setting; write [model id:]lack with one of ${modelLacks.join(", ")}`,
      );
    return { lack, modelId: text === lack ? undefined : text.slice(0, -lack.length - 1) };
  });
  return {
    hasForm: !lacks.some(({ lack }) => lack === "use-case-form"),
    find: (model) =>
      lacks.find(
        ({ lack, modelId }) =>
          (modelId === undefined || modelId === model.id) &&
          (lack !== "use-case-form" || model.provider === "Anthropic"),
      )?.lack,
  };
}

/** The words of each, as they are on record; which call answers them is, but for the form, unconfirmed. */
const refusals: Readonly<Record<ModelLack, readonly [type: string, message: string]>> = {
  agreement: [
    "AccessDeniedException",
    "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions " +
      "(aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model.",
  ],
  "pending-agreement": [
    "AccessDeniedException",
    "Your account is not authorized to access this model. Your AWS Marketplace subscription for this model is still being processed",
  ],
  "use-case-form": [
    "ResourceNotFoundException",
    "Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model.",
  ],
  entitlement: [
    "ValidationException",
    "Your account is not authorized to perform this action. Please create a support case.",
  ],
  authorization: ["AccessDeniedException", "You don't have access to the model with the specified model ID."],
};

/** @throws Refusal where the account lacks something of the model */
export function checkModelAccess(access: ModelAccess, model: Model): void {
  const lack = access.find(model);
  if (lack !== undefined) throw new Refusal(...refusals[lack]);
}
