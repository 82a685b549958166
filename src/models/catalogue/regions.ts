/** Data: sets of regions as the page of batch models groups them. Read 2026-11-21, the page is of about October 2026. */

const list = (text: string): readonly string[] => text.split(" ");

const a7 = list("ap-northeast-1 ap-south-1 ap-southeast-2 sa-east-1 us-east-1 us-east-2 us-west-2");
const a10 = [...a7, "eu-south-1", "eu-west-1", "eu-west-2"];
const b8 = list("ap-northeast-1 ap-south-1 ap-southeast-2 ap-southeast-3 eu-north-1 eu-west-2 us-east-2 us-west-2");
const b10 = [...b8, "sa-east-1", "us-east-1"];
const a13 = [...b10, "eu-central-1", "eu-south-1", "eu-west-1"];
const c23 = [
  ...list("ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2"),
  ...list("ap-southeast-3 ap-southeast-4 ca-central-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2"),
  ...list("eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"),
];
const c32 = [
  ...c23,
  ...list("af-south-1 ap-east-2 ap-southeast-5 ap-southeast-7 ca-west-1 il-central-1 me-central-1 me-south-1"),
  "mx-central-1",
];
const novaMicro = [
  ...list("ap-east-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3"),
  ...list("ap-southeast-5 ap-southeast-7 eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3"),
  ...list("il-central-1 me-central-1 us-east-1 us-east-2 us-west-2"),
];
const nova2Lite = [...novaMicro, ...list("ap-southeast-4 ca-central-1 ca-west-1 eu-west-2 us-west-1")];

/** Sets of regions that several models share. */
export const regionSets = {
  a7,
  a10,
  a13,
  b8,
  b10,
  c23,
  c32,
  c33: [...c32, "ap-southeast-6"],
  nova2Lite,
  novaLite: nova2Lite.filter((region) => region !== "eu-west-2"),
  novaMicro,
  novaPro: [...novaMicro, "ap-southeast-4", "us-west-1"],
  claudeSonnet4: [
    ...list("ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1"),
    ...list("ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 eu-central-1 eu-north-1"),
    ...list(
      "eu-south-1 eu-south-2 eu-west-1 eu-west-3 il-central-1 me-central-1 us-east-1 us-east-2 us-west-1 us-west-2",
    ),
  ],
  claudeSonnet37: [
    ...list("ap-northeast-1 ap-northeast-2 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 eu-central-1"),
    ...list("eu-north-1 eu-west-1 eu-west-3 us-east-1 us-east-2 us-west-2"),
  ],
  claudeSonnet35v2: [
    ...list("ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2"),
    ...list("us-east-1 us-east-2 us-west-2"),
  ],
  claudeSonnet35Itself: [
    ...list("ap-northeast-1 ap-northeast-2 ap-southeast-1 eu-central-1 us-east-1 us-east-2 us-west-2"),
  ],
  /** Of Claude 3 Sonnet and Claude 3.5 Sonnet. */
  claudeSonnet3: [
    ...list("ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 eu-central-1 eu-west-1"),
    ...list("eu-west-3 us-east-1 us-west-2"),
  ],
  claudeSonnet3Itself: [
    ...list("ap-northeast-2 ap-south-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3"),
    ...list("sa-east-1 us-east-1 us-west-2"),
  ],
  claudeSonnet45: [...c23, ...list("af-south-1 ca-west-1 me-south-1 mx-central-1 us-gov-east-1 us-gov-west-1")],
  us2: list("us-east-1 us-west-2"),
  us3: list("us-east-1 us-east-2 us-west-2"),
  us4: list("us-east-1 us-east-2 us-west-1 us-west-2"),
} as const satisfies Record<string, readonly string[]>;
