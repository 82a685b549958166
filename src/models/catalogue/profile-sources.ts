/**
 * Data: from which regions each inference profile can be called, model by model.
 *
 * From the section "Regional Availability" of each model's card, read 2026-11-30 (pages of 2026-10-04 to 10-08):
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-5.html and its neighbours.
 * Where a card names profiles but no source regions, and where AWS's pages disagree, the entry says so.
 */
import type { ProfileSources } from "../catalogue-model.ts";

const list = (text: string): readonly string[] => text.split(" ");

const us2 = list("us-east-1 us-west-2");
const us3 = [...us2, "us-east-2"];
const us4 = [...us3, "us-west-1"];
const usAndMontreal = [...us4, "ca-central-1"];
const usAndCanada = [...usAndMontreal, "ca-west-1"];
const gov = list("us-gov-east-1 us-gov-west-1");
const eu3 = list("eu-central-1 eu-west-1 eu-west-3");
const eu6 = [...eu3, ...list("eu-north-1 eu-south-1 eu-south-2")];
const euAndIsrael = [...eu6, "il-central-1"];
const eu8 = [...eu6, ...list("eu-central-2 eu-west-2")];
const au2 = list("ap-southeast-2 ap-southeast-4");
const au3 = [...au2, "ap-southeast-6"];
const jp = list("ap-northeast-1 ap-northeast-3");
const apac4 = list("ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2");
const apac5 = [...apac4, "ap-northeast-2"];
const apac7 = [...apac5, ...list("ap-northeast-3 ap-south-2")];
/** Every commercial region that Bedrock names; the global profiles of the Claude models since 4.5 have just these. */
const everywhere = [
  ...usAndCanada,
  ...eu8,
  ...apac7,
  ...list("ap-east-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7"),
  ...list("af-south-1 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1"),
];
const withoutMexico = everywhere.filter((region) => region !== "mx-central-1");

/** By the base model's id; a model without profiles has no entry. */
export const profileSources: Readonly<Record<string, ProfileSources>> = {
  "anthropic.claude-haiku-5-5": { us: usAndCanada, eu: eu8, au: au2, jp, "us-gov": gov, global: everywhere },
  "anthropic.claude-haiku-4-5-20251001-v1:0": { us: usAndMontreal, eu: eu8, au: au3, jp, global: everywhere },
  "anthropic.claude-sonnet-5-5": { us: usAndCanada, eu: eu8, "us-gov": gov, global: everywhere },
  "anthropic.claude-sonnet-5": { us: usAndCanada, eu: eu8, au: au2, "us-gov": gov, global: everywhere },
  "anthropic.claude-sonnet-4-6": { us: usAndCanada, eu: eu8, au: au3, jp, global: everywhere },
  // The card writes the government's regions under the id of the us. profile; that they have us-gov. is `unconfirmed`.
  "anthropic.claude-sonnet-4-5-20250929-v1:0": {
    us: usAndMontreal,
    eu: eu8,
    au: au3,
    jp,
    "us-gov": gov,
    global: everywhere,
  },
  "anthropic.claude-sonnet-4-20250514-v1:0": {
    us: us4,
    eu: euAndIsrael,
    apac: apac7,
    global: [...us3, "eu-west-1", "ap-northeast-1"],
  },
  "anthropic.claude-opus-5-5": { us: usAndCanada, eu: eu8, au: au2, jp, "us-gov": gov, global: everywhere },
  // The card's table has no jp., as an account's own list has none; genai-prices #502 names one: `unconfirmed`.
  "anthropic.claude-opus-5": { us: usAndCanada, eu: eu8, au: au2, "us-gov": gov, global: everywhere },
  "anthropic.claude-opus-4-8": { us: usAndCanada, eu: eu8, au: au2, jp, "us-gov": gov, global: everywhere },
  "anthropic.claude-opus-4-7": { us: usAndCanada, eu: eu8, au: au2, jp, global: everywhere },
  "anthropic.claude-opus-4-6-v1": { us: usAndCanada, eu: eu8, au: au3, global: everywhere },
  "anthropic.claude-opus-4-5-20251101-v1:0": { us: usAndMontreal, eu: eu8, global: everywhere },
  "anthropic.claude-opus-4-1-20250805-v1:0": { us: us3 },
  // It has no card: as its successor, `unconfirmed`.
  "anthropic.claude-opus-4-20250514-v1:0": { us: us3 },
  "anthropic.claude-fable-5-1": { us: usAndCanada, "us-gov": gov, global: everywhere },
  "anthropic.claude-fable-5": { us: usAndCanada, global: everywhere },
  // The oldest, from the table of batch models alone, read 2026-11-30; that their profiles are these is `unconfirmed`:
  // https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html
  "anthropic.claude-3-7-sonnet-20250219-v1:0": { us: us3, eu: [...eu3, "eu-north-1"], apac: [...apac5, "ap-south-2"] },
  "anthropic.claude-3-5-sonnet-20241022-v2:0": { us: us3, apac: apac7 },
  "anthropic.claude-3-5-sonnet-20240620-v1:0": { us: us2, eu: eu3, apac: apac5 },
  "anthropic.claude-3-sonnet-20240229-v1:0": { us: us2, eu: eu3, apac: apac5 },
  "anthropic.claude-3-opus-20240229-v1:0": { us: ["us-east-1"] },
  "anthropic.claude-3-5-haiku-20241022-v1:0": { us: us3 },
  // The card writes us-gov-east-1 under the id of the us. profile as well; as the model has ended, that is left out.
  "anthropic.claude-3-haiku-20240307-v1:0": { us: us3, eu: eu3 },

  "amazon.nova-2-lite-v1:0": {
    us: usAndCanada,
    eu: eu6,
    jp: ["ap-northeast-1"],
    global: [
      ...usAndCanada,
      ...eu6,
      ...apac5,
      ...list("ap-east-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7"),
      ...list("eu-west-2 il-central-1 me-central-1"),
    ],
  },
  // The region table of Nova Lite's card has ap-southeast-3 with the model itself, the table of batch models by a profile only.
  // Of the three: apac. from the cards' tables, which name no other source regions in Asia and none in the Middle East. The table
  // of batch models has more (ap-east-2, ap-southeast-3, -4, -5, -7, me-central-1): as no profile there is known, none is named.
  "amazon.nova-micro-v1:0": { us: us3, eu: euAndIsrael, apac: apac5 },
  // Canada: the card says "Geo" without naming the profile; public users call ca.amazon.nova-lite-v1:0 from both regions.
  "amazon.nova-lite-v1:0": { us: us4, eu: euAndIsrael, apac: apac5, ca: list("ca-central-1 ca-west-1") },
  "amazon.nova-pro-v1:0": { us: us4, eu: euAndIsrael, apac: apac5 },
  "amazon.nova-premier-v1:0": { us: us3 },

  "meta.llama4-maverick-17b-instruct-v1:0": { us: us4 },
  "meta.llama4-scout-17b-instruct-v1:0": { us: us4 },
  "meta.llama3-3-70b-instruct-v1:0": { us: us3 },
  "meta.llama3-2-90b-instruct-v1:0": { us: us3 },
  "meta.llama3-2-11b-instruct-v1:0": { us: us3 },
  "meta.llama3-2-3b-instruct-v1:0": { us: us3, eu: eu3 },
  "meta.llama3-2-1b-instruct-v1:0": { us: us3, eu: eu3 },
  "meta.llama3-1-405b-instruct-v1:0": { us: ["us-east-2"] },
  "meta.llama3-1-70b-instruct-v1:0": { us: us3 },
  "meta.llama3-1-8b-instruct-v1:0": { us: us3 },

  "openai.gpt-oss-20b-1:0": { "us-gov": gov },
  "openai.gpt-oss-120b-1:0": { "us-gov": gov },
  "openai.gpt-5.6-sol": { us: usAndMontreal, global: withoutMexico },
  "moonshotai.kimi-k3": { us: usAndMontreal, global: withoutMexico },
  "nvidia.nemotron-nano-9b-v2": { "us-gov": gov },
  "nvidia.nemotron-nano-12b-v2": { "us-gov": gov },
  "nvidia.nemotron-nano-3-30b": { "us-gov": gov },
  "nvidia.nemotron-super-3-120b": { "us-gov": gov },
};
