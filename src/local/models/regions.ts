/** Data: sets of Regions in which models run in batch. */

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

/** Named sets, as the batch model page groups them (read ≈ Sep–Oct 2026, and 2026-11-30 for the oldest). */
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
  claudeSonnet37: words(
    "ap-northeast-1 ap-northeast-2 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 eu-central-1 eu-north-1 eu-west-1 " +
      "eu-west-3 us-east-1 us-east-2 us-west-2",
  ),
  claudeSonnet35v2: words(
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 us-east-1 us-east-2 " +
      "us-west-2",
  ),
  claudeSonnet3: words(
    "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 eu-central-1 eu-west-1 eu-west-3 us-east-1 us-west-2",
  ),
  claudeSonnet45: [...c23, ...words("af-south-1 ca-west-1 me-south-1 mx-central-1 us-gov-east-1 us-gov-west-1")],
} as const;

/** A Region that knows no model is refused; these are all that the tables name. */
export const allRegions: readonly string[] = [...new Set(Object.values(regionSets).flat())].sort();
