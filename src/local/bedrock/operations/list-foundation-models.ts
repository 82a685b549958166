/** ListFoundationModels: the models of the Region, filtered. */

import { catalogue } from "../../models/catalogue.ts";
import { toAll } from "../../operation.ts";
import { inferenceTypesOf, isIn, summarizeModel } from "../model-view.ts";
import { defineOperation } from "../operation.ts";

export const listFoundationModels = defineOperation({
  name: "ListFoundationModels",
  wire: { method: "GET", path: "/foundation-models" },
  input: {
    type: "structure",
    members: {
      byProvider: { shape: { type: "string", pattern: "[A-Za-z0-9- ]{1,63}" }, in: "query" },
      byCustomizationType: {
        shape: { type: "string", enum: ["FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"] },
        in: "query",
      },
      byOutputModality: { shape: { type: "string", enum: ["TEXT", "IMAGE", "EMBEDDING"] }, in: "query" },
      byInferenceType: { shape: { type: "string", enum: ["ON_DEMAND", "PROVISIONED"] }, in: "query" },
    },
  },
  rights: toAll("bedrock:ListFoundationModels"),
  notes: {
    served: "the models that the tables know in the Region, every filter",
    differs: "no model can be customized or provisioned here; a model that only profiles reach says INFERENCE_PROFILE",
  },
  act(given, _context, { region }) {
    const models = catalogue.filter(
      (model) =>
        isIn(model, region) &&
        given.byCustomizationType === undefined &&
        (given.byProvider === undefined || model.provider.toLowerCase() === given.byProvider.toLowerCase()) &&
        (given.byOutputModality === undefined || model.output.includes(given.byOutputModality)) &&
        (given.byInferenceType === undefined || inferenceTypesOf(model, region).includes(given.byInferenceType)),
    );
    return { modelSummaries: models.map((model) => summarizeModel(model, region)) };
  },
});
