import { describe, expect, it } from "vitest";
import { findFirstUse } from "../../src/models/rules/first-use.ts";

describe("what an account does before a model answers it", () => {
  it("is a form for Anthropic, an agreement for what is sold, and nothing for Nova, Llama, Mistral, Qwen and DeepSeek", () => {
    expect(findFirstUse(["anthropic.claude-opus-5"]).join(" ")).toMatch(/use-case form.*aws-marketplace:Subscribe/);
    expect(findFirstUse(["openai.gpt-oss-20b-1:0"])).toEqual([
      expect.stringContaining("aws-marketplace:ViewSubscriptions"),
    ]);
    for (const id of ["amazon.nova-2-lite-v1:0", "meta.x", "mistral.x", "qwen.x", "deepseek.v3.2"])
      expect(findFirstUse([id])).toEqual([]);
    expect(findFirstUse([])).toHaveLength(2);
  });
});
