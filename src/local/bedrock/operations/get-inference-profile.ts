/** GetInferenceProfile: one profile, with the models of every Region that it may send to. */

import { asApplicationArn, canUseProfile, findReference } from "../../models/answers/reference.ts";
import { Refusal } from "../../wire/refusal.ts";
import { describeApplication, describeProfile } from "../model-view.ts";
import { defineOperation } from "../operation.ts";
import { toProfile } from "../rights.ts";
import { profileIdentifier } from "../shapes.ts";

export const getInferenceProfile = defineOperation({
  name: "GetInferenceProfile",
  wire: { method: "GET", path: "/inference-profiles/{inferenceProfileIdentifier}" },
  input: {
    type: "structure",
    members: {
      inferenceProfileIdentifier: {
        required: true,
        in: "path",
        shape: profileIdentifier,
      },
    },
  },
  rights: toProfile("bedrock:GetInferenceProfile"),
  notes: {
    served: "one profile of the Region, system-defined or of an application, by id or ARN",
  },
  act({ inferenceProfileIdentifier: identifier }, { world, profiles }, { region }) {
    const own = profiles.find(asApplicationArn(identifier, region, world.accountId));
    if (own !== undefined && own.region === region) return describeApplication(own, world.accountId);
    const reference = findReference(identifier, region, world.accountId);
    if (reference?.prefix === undefined || !canUseProfile(reference.model, reference.prefix, region)) {
      // Words unconfirmed.
      throw new Refusal("ResourceNotFoundException", `The inference profile ${identifier} could not be found.`);
    }
    return describeProfile(reference.model, reference.prefix, region, world.accountId);
  },
});
