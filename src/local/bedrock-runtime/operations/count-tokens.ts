/** CountTokens: the tokens of a request that is not sent. Free on AWS too. */

import { defineOperation } from "../../bedrock/operation.ts";
import { toInvoke } from "../../bedrock/rights.ts";
import { findReference, modelWords } from "../../models/answers/reference.ts";
import { countAskTokens } from "../../models/answers/simulation.ts";
import { findFamily } from "../../models/families/index.ts";
import { isObject } from "../../models/family.ts";
import { Refusal } from "../../wire/refusal.ts";
import { parseModelBody } from "../answer-model.ts";
import { countTokensModelId } from "../shapes.ts";

const notSupported = "The provided model doesn't support counting tokens.";

export const countTokens = defineOperation({
  name: "CountTokens",
  wire: { method: "POST", path: "/model/{modelId}/count-tokens" },
  input: {
    type: "structure",
    members: {
      modelId: { shape: countTokensModelId, required: true, in: "path" },
      input: {
        required: true,
        shape: {
          type: "structure",
          union: true,
          members: {
            converse: { shape: { type: "document" } },
            invokeModel: {
              shape: { type: "structure", members: { body: { shape: { type: "string" }, required: true } } },
            },
          },
        },
      },
    },
  },
  rights: toInvoke("bedrock:CountTokens"),
  notes: {
    served: "requests of both shapes for the Claude models that count; the count that an answer's usage would have",
    checked: "no inference profiles, as recorded; models that do not count",
  },
  act({ modelId, input }, { world }, { region }) {
    const reference = findReference(modelId, region, world.accountId);
    if (reference === undefined) throw new Refusal("ValidationException", modelWords.invalid);
    const { model, prefix } = reference;
    if (prefix !== undefined || !model.countsTokens) throw new Refusal("ValidationException", notSupported);
    const family = findFamily(input.invokeModel === undefined ? "converse" : model.family);
    if (family?.kind !== "text") throw new Refusal("ValidationException", notSupported);
    const body =
      input.invokeModel === undefined ? input.converse : parseModelBody(Buffer.from(input.invokeModel.body, "base64"));
    if (!isObject(body)) throw new Refusal("ValidationException", "The input is no JSON object."); // unconfirmed words
    const problem = family.findProblem(body, model, false);
    if (problem !== undefined) throw new Refusal("ValidationException", problem);
    return { inputTokens: countAskTokens(family.readAsk(body)) };
  },
});
