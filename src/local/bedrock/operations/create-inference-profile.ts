/** CreateInferenceProfile: an application inference profile, a name for a model that carries tags (sources#application-profiles). */
import { makeTagKeys } from "../../iam/request-keys.ts";
import { canUseProfile, findReference, makeApplicationArn, modelWords } from "../../models/answers/reference.ts";
import { makeLowerId } from "../../models/seed.ts";
import type { Rights } from "../../operation.ts";
import type { WireRequest } from "../../service.ts";
import { Refusal } from "../../wire/refusal.ts";
import { answerJson } from "../../wire/rest-json.ts";
import type { Static, StructureShape } from "../../wire/shape.ts";
import { type BedrockContext, defineOperation } from "../operation.ts";
import { clientRequestToken, tagList } from "../shapes.ts";
import { checkTagCount, mergeTags } from "../tags.ts";

const input = {
  type: "structure",
  members: {
    inferenceProfileName: {
      required: true,
      // The language of AWS's `([0-9a-zA-Z][ _-]?)+`, which takes exponential time.
      shape: {
        type: "string",
        min: 1,
        max: 64,
        pattern: "([0-9a-zA-Z][ _-]?)+",
        linear: "[0-9a-zA-Z]+(?:[ _-][0-9a-zA-Z]+)*[ _-]?",
      },
    },
    description: {
      shape: {
        type: "string",
        min: 1,
        max: 200,
        pattern: "([0-9a-zA-Z:.][ _-]?)+",
        linear: "[0-9a-zA-Z:.]+(?:[ _-][0-9a-zA-Z:.]+)*[ _-]?",
      },
    },
    clientRequestToken: { shape: clientRequestToken },
    modelSource: {
      required: true,
      shape: {
        type: "structure",
        union: true,
        members: {
          copyFrom: {
            shape: {
              type: "string",
              min: 1,
              max: 2048,
              pattern:
                "arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|foundation-model)/[a-zA-Z0-9-:.]+",
            },
          },
        },
      },
    },
    tags: { shape: tagList },
  },
} as const satisfies StructureShape;

const actions = ["bedrock:CreateInferenceProfile", "bedrock:TagResource"] as const;

/** The right to what it is made from and to application profiles; to tag where there are tags (unconfirmed). */
const rights: Rights<Static<typeof input>, BedrockContext, WireRequest, (typeof actions)[number]> = {
  actions,
  list({ modelSource, tags = [] }, { world }, { region }) {
    const profiles = makeApplicationArn(region, world.accountId, "*");
    const keys = makeTagKeys(tags);
    const sources = modelSource.copyFrom === undefined ? [] : [modelSource.copyFrom];
    return [
      ...[...sources, profiles].map((resource) => ({ action: actions[0], resource, keys })),
      ...(tags.length > 0 ? [{ action: actions[1], resource: profiles, keys }] : []),
    ];
  },
};

export const createInferenceProfile = defineOperation({
  name: "CreateInferenceProfile",
  wire: { method: "POST", path: "/inference-profiles" },
  input,
  rights,
  notes: {
    served:
      "a profile of a model, or of a cross-Region profile; an earlier one with the same clientRequestToken is answered again",
    checked: "the source and its Region, models without profiles, 50 tags",
    differs: "words of the refusals are unconfirmed; two profiles may have one name",
  },
  async act(given, { world, profiles }, { region }) {
    const { clientRequestToken: token, modelSource, tags = [] } = given;
    const earlier =
      token === undefined ? undefined : profiles.list(region).find((each) => each.clientRequestToken === token);
    if (earlier !== undefined) return answerJson(201, { inferenceProfileArn: earlier.arn, status: "ACTIVE" });
    checkTagCount(tags);
    const source = checkSource(modelSource.copyFrom ?? "", region, world.accountId);
    const nowMs = world.clock.nowMs();
    const id = makeProfileId(
      world.random,
      (each) => profiles.find(makeApplicationArn(region, world.accountId, each)) !== undefined,
    );
    const arn = makeApplicationArn(region, world.accountId, id);
    await profiles.save({
      ...{ id, arn, region, source, clientRequestToken: token },
      ...{ name: given.inferenceProfileName, description: given.description },
      ...{ createdAtMs: nowMs, updatedAtMs: nowMs, tags: mergeTags([], tags) },
    });
    return answerJson(201, { inferenceProfileArn: arn, status: "ACTIVE" });
  },
});

/** A model of this Region, or a cross-Region profile that it can use. @throws Refusal `ValidationException`, words unconfirmed */
function checkSource(source: string, region: string, accountId: string): string {
  const reference = findReference(source, region, accountId);
  if (reference === undefined || source.split(":")[3] !== region)
    throw new Refusal("ValidationException", modelWords.invalid);
  const { model, prefix } = reference;
  if (!model.output.includes("TEXT")) {
    throw new Refusal("ValidationException", `Inference profiles are not supported for model ${model.id}.`);
  }
  const isHere = prefix === undefined ? model.regions.includes(region) : canUseProfile(model, prefix, region);
  if (!isHere)
    throw new Refusal(
      "ValidationException",
      prefix === undefined ? modelWords.needsProfile(model.id) : modelWords.invalid,
    );
  return reference.arn;
}

function makeProfileId(random: () => number, isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = makeLowerId(12, random);
    if (!isTaken(id)) return id;
  }
}
