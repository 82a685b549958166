/** GetInferenceProfile: one cross-Region profile, with the models of every Region that it may send to. */

import { canUseProfile, findReference } from "../../models/reference.ts";
import { Refusal } from "../../wire/refusal.ts";
import { describeProfile } from "../model-view.ts";
import { defineOperation } from "../operation.ts";
import { toProfile } from "../rights.ts";

export const getInferenceProfile = defineOperation({
  name: "GetInferenceProfile",
  wire: { method: "GET", path: "/inference-profiles/{inferenceProfileIdentifier}" },
  input: {
    type: "structure",
    members: {
      inferenceProfileIdentifier: {
        required: true,
        in: "path",
        shape: {
          type: "string",
          min: 1,
          max: 2048,
          pattern:
            "(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)/)?[a-zA-Z0-9-:.]+",
        },
      },
    },
  },
  rights: toProfile("bedrock:GetInferenceProfile"),
  notes: {
    served: "one system-defined profile of the Region, by id or ARN",
  },
  act({ inferenceProfileIdentifier: identifier }, { world }, { region }) {
    const reference = findReference(identifier, region, world.accountId);
    if (reference?.prefix === undefined || !canUseProfile(reference.model, reference.prefix, region)) {
      // Words unconfirmed.
      throw new Refusal("ResourceNotFoundException", `The inference profile ${identifier} could not be found.`);
    }
    return describeProfile(reference.model, reference.prefix, region, world.accountId);
  },
});
