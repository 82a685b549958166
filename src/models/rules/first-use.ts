/**
 * What an account has to do before a model answers it for the first time.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html, read 2026-11-30
 */

/** Makers whose models are not sold through AWS Marketplace, so that nothing is subscribed to. */
const withoutMarketplace = /^(amazon|deepseek|mistral|meta|qwen)\./;

/** Whole sentences, what there is to do before the first call; none for models that need nothing. @param baseIds of the models that are meant; of any model where it is empty */
export function findFirstUse(baseIds: readonly string[]): string[] {
  const isAny = baseIds.length === 0;
  const isForm = isAny || baseIds.some((id) => id.startsWith("anthropic."));
  const isSold = isAny || baseIds.some((id) => !withoutMarketplace.test(id));
  return [
    ...(isForm
      ? [
          "Before the first call of an Anthropic model: Anthropic's use-case form, once an account or once in the organisation's management account (the model catalog of the Bedrock console, or aws bedrock put-use-case-for-model-access).",
        ]
      : []),
    ...(isSold
      ? [
          "Whoever calls a model of Anthropic, OpenAI, Moonshot or another seller first in the account signs its agreement, and needs aws-marketplace:Subscribe, aws-marketplace:Unsubscribe and aws-marketplace:ViewSubscriptions for that, and the account a payment method. Calls may pass for 15 minutes before a missing right is noticed. Amazon's Nova needs none of it.",
        ]
      : []),
  ];
}
