import { describe, expect, it } from "vitest";
import { findLengthWarnings } from "../../src/plan/length-warnings.ts";

const model = { label: "Claude Haiku 4.5", contextTokens: 200_000 };

describe("the longest request", () => {
  it.each([
    ["that surely fits", 200_000, 1000],
    ["that may fit, at six bytes a token", 1_194_000, 1000],
  ])("%s is not spoken of", (_, bytes, maxTokens) => {
    expect(findLengthWarnings(model, bytes, maxTokens)).toEqual([]);
  });

  it("that cannot fit with its answer is warned of, where the model's context is known", () => {
    expect(findLengthWarnings(model, 1_194_006, 1000).join()).toMatch(
      /1,194,006 bytes: .* 200,000 tokens that Claude Haiku 4\.5 reads/,
    );
    expect(findLengthWarnings({ label: "x" }, 10_000_000, 1000)).toEqual([]);
  });
});
