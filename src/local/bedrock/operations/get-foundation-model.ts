/** GetFoundationModel: one model, by its id or ARN. */

import { modelWords } from "../../models/answers/reference.ts";
import { findModel } from "../../models/catalogue.ts";
import { Refusal } from "../../wire/refusal.ts";
import { isIn, summarizeModel } from "../model-view.ts";
import { defineOperation } from "../operation.ts";
import { toModel } from "../rights.ts";

export const getFoundationModel = defineOperation({
  name: "GetFoundationModel",
  wire: { method: "GET", path: "/foundation-models/{modelIdentifier}" },
  input: {
    type: "structure",
    members: {
      modelIdentifier: {
        required: true,
        in: "path",
        shape: {
          type: "string",
          min: 1,
          max: 2048,
          pattern:
            "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model/[a-z0-9-]{1,63}[.]{1}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2})|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})",
        },
      },
    },
  },
  rights: toModel("bedrock:GetFoundationModel"),
  notes: {
    served: "one model that the tables know in the Region",
  },
  act({ modelIdentifier }, _context, { region }) {
    const model = findModel(modelIdentifier.replace(/^arn:.*:foundation-model\//, ""));
    if (model === undefined || !isIn(model, region)) throw new Refusal("ValidationException", modelWords.invalid);
    return { modelDetails: summarizeModel(model, region) };
  },
});
