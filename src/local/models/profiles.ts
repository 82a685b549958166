/**
 * Data: the cross-Region profiles: where each sends to, and from which Regions it takes requests, model by model.
 *
 * From "Regional Availability" and "Geo inference details" of AWS's model cards, read 2026-11-30:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-amazon-nova-lite.html and the others.
 */

const words = (text: string): readonly string[] => text.split(" ");

export interface Geography {
  /** As the profile's description spells it. */
  readonly name: string;
  /** Where its requests may run, whatever the source; empty for the global profile, whose second ARN names no Region. */
  readonly to: readonly string[];
}

/** The prefixes that are known. A source that is not among the destinations is one as well, on every card that was read. */
export const geographies: Readonly<Record<string, Geography>> = {
  us: { name: "US", to: words("us-east-1 us-east-2 us-west-2") },
  eu: { name: "EU", to: words("eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3") },
  apac: {
    name: "APAC",
    to: words(
      "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-4",
    ),
  },
  au: { name: "AU", to: words("ap-southeast-2 ap-southeast-4") },
  jp: { name: "JP", to: words("ap-northeast-1 ap-northeast-3") },
  in: { name: "IN", to: words("ap-south-1 ap-south-2") },
  // Of ca. no page tells the destinations; unconfirmed.
  ca: { name: "CA", to: words("ca-central-1 ca-west-1") },
  "us-gov": { name: "US-GOV", to: words("us-gov-east-1 us-gov-west-1") },
  global: { name: "Global", to: [] },
};

/** Destinations that differ from the geography's: by prefix and the beginning of the model's id, some from one source alone. */
export const otherDestinations: readonly (readonly [
  prefix: string,
  start: string,
  to: readonly string[],
  from?: string,
])[] = [
  ["eu", "amazon.nova-micro", words("eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-3"), "il-central-1"],
  ["eu", "amazon.nova-lite", words("eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-3"), "il-central-1"],
  ["eu", "amazon.nova-pro", words("eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-3"), "il-central-1"],
  ["eu", "amazon.nova-micro", words("eu-central-1 eu-north-1 eu-west-1 eu-west-3")],
  ["eu", "amazon.nova-lite", words("eu-central-1 eu-north-1 eu-west-1 eu-west-3")],
  ["eu", "amazon.nova-pro", words("eu-central-1 eu-north-1 eu-west-1 eu-west-3")],
  ["eu", "meta.llama3-2", words("eu-central-1 eu-west-1 eu-west-3")],
  ["us", "meta.llama3-2", words("us-east-1 us-west-2")],
  ["eu", "anthropic.claude-3-haiku", words("eu-central-1 eu-west-1 eu-west-3")],
  ["us", "anthropic.claude-3-haiku", words("us-east-1 us-west-2")],
];

/** Groups of source Regions. */
const groups: Readonly<Record<string, string>> = {
  virginia: "us-east-1",
  usPair: "us-east-1 us-west-2",
  usThree: "us-east-1 us-east-2 us-west-2",
  usFour: "us-east-1 us-east-2 us-west-1 us-west-2",
  usMontreal: "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1",
  usCanada: "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1",
  canada: "ca-central-1 ca-west-1",
  gov: "us-gov-east-1 us-gov-west-1",
  euThree: "eu-central-1 eu-west-1 eu-west-3",
  euFour: "eu-central-1 eu-north-1 eu-west-1 eu-west-3",
  euSix: "eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3",
  euIsrael: "eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3 il-central-1",
  euEight: "eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3",
  australia: "ap-southeast-2 ap-southeast-4",
  oceania: "ap-southeast-2 ap-southeast-4 ap-southeast-6",
  tokyo: "ap-northeast-1",
  japan: "ap-northeast-1 ap-northeast-3",
  asiaFive: "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2",
  asiaSix: "ap-northeast-1 ap-northeast-2 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2",
  asiaSeven: "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2",
  world:
    "af-south-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 " +
    "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 " +
    "eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 " +
    "mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2",
  noMexico:
    "af-south-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 " +
    "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 " +
    "eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 " +
    "sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2",
  novaWorld:
    "ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 " +
    "ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-north-1 eu-south-1 eu-south-2 " +
    "eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 us-east-1 us-east-2 us-west-1 us-west-2",
  sonnet4World: "us-east-1 us-east-2 us-west-2 eu-west-1 ap-northeast-1",
  ohio: "us-east-2",
};

/** For each model `prefix=group` of each profile. */
const rows: readonly (readonly [id: string, profiles: string])[] = [
  ["anthropic.claude-haiku-5-5", "us=usCanada eu=euEight au=australia jp=japan us-gov=gov global=world"],
  ["anthropic.claude-haiku-4-5-20251001-v1:0", "us=usMontreal eu=euEight au=oceania jp=japan global=world"],
  ["anthropic.claude-sonnet-5-5", "us=usCanada eu=euEight us-gov=gov global=world"],
  ["anthropic.claude-sonnet-5", "us=usCanada eu=euEight au=australia us-gov=gov global=world"],
  ["anthropic.claude-sonnet-4-6", "us=usCanada eu=euEight au=oceania jp=japan global=world"],
  ["anthropic.claude-sonnet-4-5-20250929-v1:0", "us=usMontreal eu=euEight au=oceania jp=japan us-gov=gov global=world"],
  ["anthropic.claude-sonnet-4-20250514-v1:0", "us=usFour eu=euIsrael apac=asiaSeven global=sonnet4World"],
  ["anthropic.claude-opus-5-5", "us=usCanada eu=euEight au=australia jp=japan us-gov=gov global=world"],
  ["anthropic.claude-opus-5", "us=usCanada eu=euEight au=australia us-gov=gov global=world"],
  ["anthropic.claude-opus-4-8", "us=usCanada eu=euEight au=australia jp=japan us-gov=gov global=world"],
  ["anthropic.claude-opus-4-7", "us=usCanada eu=euEight au=australia jp=japan global=world"],
  ["anthropic.claude-opus-4-6-v1", "us=usCanada eu=euEight au=oceania global=world"],
  ["anthropic.claude-opus-4-5-20251101-v1:0", "us=usMontreal eu=euEight global=world"],
  ["anthropic.claude-opus-4-1-20250805-v1:0", "us=usThree"],
  ["anthropic.claude-opus-4-20250514-v1:0", "us=usThree"],
  ["anthropic.claude-fable-5-1", "us=usCanada us-gov=gov global=world"],
  ["anthropic.claude-fable-5", "us=usCanada global=world"],
  ["anthropic.claude-3-7-sonnet-20250219-v1:0", "us=usThree eu=euFour apac=asiaSix"],
  ["anthropic.claude-3-5-sonnet-20241022-v2:0", "us=usThree apac=asiaSeven"],
  ["anthropic.claude-3-5-sonnet-20240620-v1:0", "us=usPair eu=euThree apac=asiaFive"],
  ["anthropic.claude-3-sonnet-20240229-v1:0", "us=usPair eu=euThree apac=asiaFive"],
  ["anthropic.claude-3-opus-20240229-v1:0", "us=virginia"],
  ["anthropic.claude-3-5-haiku-20241022-v1:0", "us=usThree"],
  ["anthropic.claude-3-haiku-20240307-v1:0", "us=usThree eu=euThree"],
  ["amazon.nova-2-lite-v1:0", "us=usCanada eu=euSix jp=tokyo global=novaWorld"],
  ["amazon.nova-micro-v1:0", "us=usThree eu=euIsrael apac=asiaFive"],
  ["amazon.nova-lite-v1:0", "us=usFour eu=euIsrael apac=asiaFive ca=canada"],
  ["amazon.nova-pro-v1:0", "us=usFour eu=euIsrael apac=asiaFive"],
  ["amazon.nova-premier-v1:0", "us=usThree"],
  ["meta.llama4-maverick-17b-instruct-v1:0", "us=usFour"],
  ["meta.llama4-scout-17b-instruct-v1:0", "us=usFour"],
  ["meta.llama3-3-70b-instruct-v1:0", "us=usThree"],
  ["meta.llama3-2-90b-instruct-v1:0", "us=usThree"],
  ["meta.llama3-2-11b-instruct-v1:0", "us=usThree"],
  ["meta.llama3-2-3b-instruct-v1:0", "us=usThree eu=euThree"],
  ["meta.llama3-2-1b-instruct-v1:0", "us=usThree eu=euThree"],
  ["meta.llama3-1-405b-instruct-v1:0", "us=ohio"],
  ["meta.llama3-1-70b-instruct-v1:0", "us=usThree"],
  ["meta.llama3-1-8b-instruct-v1:0", "us=usThree"],
  ["openai.gpt-oss-20b-1:0", "us-gov=gov"],
  ["openai.gpt-oss-120b-1:0", "us-gov=gov"],
  // Of these two the cards do not name the destinations: as the others' in the US, unconfirmed.
  ["openai.gpt-5.6-sol", "us=usMontreal global=noMexico"],
  ["moonshotai.kimi-k3", "us=usMontreal global=noMexico"],
  ["nvidia.nemotron-nano-9b-v2", "us-gov=gov"],
  ["nvidia.nemotron-nano-12b-v2", "us-gov=gov"],
  ["nvidia.nemotron-nano-3-30b", "us-gov=gov"],
  ["nvidia.nemotron-super-3-120b", "us-gov=gov"],
];

const sources = new Map<string, Readonly<Record<string, readonly string[]>>>(
  rows.map(([id, profiles]) => {
    const entries = words(profiles).map((each) => {
      const [prefix = "", group = ""] = each.split("=");
      return [prefix, words(groups[group] ?? "")] as const;
    });
    return [id, Object.fromEntries(entries)];
  }),
);

/** The profiles of a model, each with its source Regions. */
export function profilesOf(id: string): Readonly<Record<string, readonly string[]>> {
  return sources.get(id) ?? {};
}
