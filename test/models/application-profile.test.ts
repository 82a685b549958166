import { expect, it } from "vitest";
import { readModelBehind } from "../../src/models/application-profile.ts";

const of = (region: string, id = "amazon.nova-micro-v1:0"): string =>
  `arn:aws:bedrock:${region}::foundation-model/${id}`;

it.each([
  [[of("us-east-1")], { route: "region", regionCount: 1 }],
  [[of("us-east-1"), of("us-west-2")], { route: "geo", regionCount: 2 }],
  [[of("us-east-1"), of("")], { route: "global", regionCount: 2 }],
])("a profile that sends to %j is taken for one of its model", (arns, expected) => {
  expect(readModelBehind(arns)).toEqual({ baseId: "amazon.nova-micro-v1:0", ...expected });
});

it("several models, none, or something else than a model is not guessed at", () => {
  const custom = `arn:aws:bedrock:us-east-1:123456789012:custom-model/a.b/abcdefghij12`;
  for (const arns of [[], [of("us-east-1"), of("us-east-1", "amazon.nova-lite-v1:0")], [custom]])
    expect(readModelBehind(arns)).toBeUndefined();
});
