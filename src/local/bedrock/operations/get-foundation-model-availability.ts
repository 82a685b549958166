/** GetFoundationModelAvailability: whether the account may use a model here. By default it may use every one. */

import { modelWords } from "../../models/answers/reference.ts";
import { findModel } from "../../models/catalogue.ts";
import { toAll } from "../../operation.ts";
import { Refusal } from "../../wire/refusal.ts";
import { isIn } from "../model-view.ts";
import { defineOperation } from "../operation.ts";

export const getFoundationModelAvailability = defineOperation({
  name: "GetFoundationModelAvailability",
  wire: { method: "GET", path: "/foundation-model-availability/{modelId}" },
  input: {
    type: "structure",
    members: {
      modelId: {
        required: true,
        in: "path",
        shape: {
          type: "string",
          min: 0,
          max: 140,
          pattern:
            "[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12}|)",
          // AWS's spelling lets the parts overlap, which takes too long on a long row of letters.
          linear: "[a-z0-9-]{1,63}[.][a-z0-9-]+(?:[.][a-z0-9-]{1,63}){0,2}(?::[a-z0-9-]{1,63}){0,2}(?:/[a-z0-9]{12})?",
        },
      },
    },
  },
  rights: toAll("bedrock:GetFoundationModelAvailability"),
  notes: {
    served:
      "agreement, authorization and entitlement, there unless the account was told to lack them; the Region as the tables have it",
    differs: "all four being positive proves nothing on AWS either ([sources](sources.md#model-access))",
  },
  act({ modelId }, { access }, { region }) {
    const model = findModel(modelId);
    if (model === undefined) throw new Refusal("ValidationException", modelWords.invalid);
    const lack = access.find(model);
    // What a missing form does to the four is unconfirmed.
    const agreement = lack === "agreement" ? "NOT_AVAILABLE" : lack === "pending-agreement" ? "PENDING" : "AVAILABLE";
    return {
      modelId,
      agreementAvailability: { status: agreement },
      authorizationStatus: lack === "authorization" || lack === "use-case-form" ? "NOT_AUTHORIZED" : "AUTHORIZED",
      entitlementAvailability: lack === "entitlement" ? "NOT_AVAILABLE" : "AVAILABLE",
      regionAvailability: isIn(model, region) ? "AVAILABLE" : "NOT_AVAILABLE",
    };
  },
});
