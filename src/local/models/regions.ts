/** Data: sets of Regions in which models run in batch, and the geographies of the cross-Region profiles. */

const words = (text: string): readonly string[] => text.split(" ");

const a7 = words("ap-northeast-1 ap-south-1 ap-southeast-2 sa-east-1 us-east-1 us-east-2 us-west-2");
const a10 = [...a7, ...words("eu-south-1 eu-west-1 eu-west-2")];
const b8 = words("ap-northeast-1 ap-south-1 ap-southeast-2 ap-southeast-3 eu-north-1 eu-west-2 us-east-2 us-west-2");
const b10 = [...b8, ...words("sa-east-1 us-east-1")];
const a13 = [...b10, ...words("eu-central-1 eu-south-1 eu-west-1")];
const c23 = words(
  "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 " +
    "ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 " +
    "sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2",
);
const c32 = [
  ...c23,
  ...words(
    "af-south-1 ap-east-2 ap-southeast-5 ap-southeast-7 ca-west-1 il-central-1 me-central-1 me-south-1 mx-central-1",
  ),
];
const nova2 = words(
  "ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 " +
    "ap-southeast-5 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 " +
    "eu-west-3 il-central-1 me-central-1 us-east-1 us-east-2 us-west-1 us-west-2",
);
const novaMicro = words(
  "ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5 " +
    "ap-southeast-7 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3 il-central-1 me-central-1 us-east-1 " +
    "us-east-2 us-west-2",
);

/** Named sets, as the batch model page groups them (read ≈ Sep–Oct 2026, bedrock-facts §4.2). */
export const regionSets = {
  a7,
  a10,
  a13,
  b8,
  b10,
  c23,
  c32,
  c33: [...c32, "ap-southeast-6"],
  nova2,
  novaLite: nova2.filter((region) => region !== "eu-west-2"),
  novaMicro,
  novaPro: [...novaMicro, ...words("ap-southeast-4 us-west-1")],
  claudeSonnet4: words(
    "ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 " +
      "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 " +
      "eu-west-3 il-central-1 me-central-1 us-east-1 us-east-2 us-west-1 us-west-2",
  ),
  claudeSonnet45: [...c23, ...words("af-south-1 ca-west-1 me-south-1 mx-central-1 us-gov-east-1 us-gov-west-1")],
} as const;

/** A Region that knows no model is refused; these are all that the tables name. */
export const allRegions: readonly string[] = [...new Set(Object.values(regionSets).flat())].sort();

export interface Geography {
  /** As the profile's description spells it. */
  readonly name: string;
  /** Whether a Region can send to this profile. */
  readonly from: (region: string) => boolean;
  /** Where its requests may run; empty for the global profile, whose second ARN names no Region. */
  readonly to: readonly string[];
}

/**
 * The prefixes that are known. Destinations from the model cards as far as they were read; which Regions outside the
 * geography may be a source is derived from the source lists and otherwise unconfirmed.
 */
export const geographies: Readonly<Record<string, Geography>> = {
  us: {
    name: "US",
    from: (region) => /^(us-(?!gov)|ca-|mx-)/.test(region),
    to: words("us-east-1 us-east-2 us-west-2"),
  },
  eu: {
    name: "EU",
    from: (region) => /^(eu-|il-)/.test(region),
    to: words("eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3"),
  },
  apac: {
    name: "APAC",
    from: (region) => /^(ap-|me-)/.test(region),
    to: words("ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2"),
  },
  au: {
    name: "AU",
    from: (region) => /^ap-southeast-(2|4|6)$/.test(region),
    to: words("ap-southeast-2 ap-southeast-4"),
  },
  jp: {
    name: "JP",
    from: (region) => /^ap-northeast-(1|3)$/.test(region),
    to: words("ap-northeast-1 ap-northeast-3"),
  },
  in: { name: "IN", from: (region) => /^ap-south-(1|2)$/.test(region), to: words("ap-south-1 ap-south-2") },
  "us-gov": {
    name: "US-GOV",
    from: (region) => region.startsWith("us-gov-"),
    to: words("us-gov-east-1 us-gov-west-1"),
  },
  global: { name: "Global", from: (region) => !region.startsWith("us-gov-"), to: [] },
};
