/** DeleteInferenceProfile: removes an application profile. Jobs that were made with it go on. */
import { asApplicationArn, findReference } from "../../models/answers/reference.ts";
import { Refusal } from "../../wire/refusal.ts";
import { defineOperation } from "../operation.ts";
import { toProfile } from "../rights.ts";
import { profileIdentifier } from "../shapes.ts";

export const deleteInferenceProfile = defineOperation({
  name: "DeleteInferenceProfile",
  wire: { method: "DELETE", path: "/inference-profiles/{inferenceProfileIdentifier}" },
  input: {
    type: "structure",
    members: { inferenceProfileIdentifier: { shape: profileIdentifier, required: true, in: "path" } },
  },
  rights: toProfile("bedrock:DeleteInferenceProfile"),
  notes: {
    served: "removes an application profile, by id or ARN; jobs that were made with it go on",
    checked: "that it is one of an application",
    differs: "words of the refusals are unconfirmed",
  },
  async act({ inferenceProfileIdentifier: identifier }, { world, profiles }, { region }) {
    const own = profiles.find(asApplicationArn(identifier, region, world.accountId));
    if (own === undefined || own.region !== region) {
      if (findReference(identifier, region, world.accountId)?.prefix !== undefined) {
        throw new Refusal("ValidationException", "A system-defined inference profile cannot be deleted.");
      }
      throw new Refusal("ResourceNotFoundException", `The inference profile ${identifier} could not be found.`);
    }
    await profiles.remove(own.arn);
    return undefined;
  },
});
