/** GetUseCaseForModelAccess: the form that the account has sent to Anthropic. */

import { toAll } from "../../operation.ts";
import { Refusal } from "../../wire/refusal.ts";
import { defineOperation } from "../operation.ts";

export const getUseCaseForModelAccess = defineOperation({
  name: "GetUseCaseForModelAccess",
  wire: { method: "GET", path: "/use-case-for-model-access" },
  input: { type: "structure", members: {} },
  rights: toAll("bedrock:GetUseCaseForModelAccess"),
  notes: {
    served: "a form that was sent; none where the account was told to lack it",
    differs: "what AWS answers without a form is unconfirmed",
  },
  act(_input, { access }) {
    if (!access.hasForm)
      throw new Refusal(
        "ResourceNotFoundException",
        "Model use case details have not been submitted for this account.",
      );
    return { formData: Buffer.from('{"companyName":"local"}').toString("base64") };
  },
});
