import { describe, expect, it } from "vitest";
import { findRequestFamily } from "../../src/models/families/index.ts";
import { readExactCalls } from "../../src/results/exact-calls.ts";
import { readOutputLines } from "../support/read-lines.ts";

const inputs = [
  '{"id":9007199254740993,"big":12345678901234567890123}',
  '{"price":0.12345678901234567891,"sum":12345678901234567.89}',
  '{"mixed":123456789.123456789123,"list":[1.5,{"deep":1e400}]}',
];

/** A line whose answer is nothing but a call, as each family writes it. */
const lineOf: Record<string, (input: string) => string> = {
  "anthropic-messages": (input) =>
    `{"modelOutput":{"content":[{"type":"tool_use","id":"t","name":"label","input":${input}}],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":3}},"recordId":"a"}`,
  "amazon-nova": (input) =>
    `{"modelOutput":{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"label","input":${input}}}]}},"stopReason":"tool_use","usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12}},"recordId":"a"}`,
  "openai-chat": (input) =>
    `{"modelOutput":{"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"label","arguments":${JSON.stringify(input)}}}]}}],"usage":{"prompt_tokens":9,"completion_tokens":3}},"recordId":"a"}`,
};

const read = async (family: string, invocation: "InvokeModel" | "Converse", line: string) => {
  const found = findRequestFamily(family, invocation);
  if (found === undefined) throw new Error(`no family ${family}`);
  return readOutputLines(found.answer, [line]);
};

describe("numbers in a call of a tool keep every digit in the answer", () => {
  it.each(inputs)("%s", async (input) => {
    const written = `[{"name":"label","input":${input}}]`;
    const answers = {
      anthropic: await read("anthropic-messages", "InvokeModel", lineOf["anthropic-messages"]?.(input) ?? ""),
      nova: await read("amazon-nova", "InvokeModel", lineOf["amazon-nova"]?.(input) ?? ""),
      converse: await read("anthropic-messages", "Converse", lineOf["amazon-nova"]?.(input) ?? ""),
      openai: await read("openai-chat", "InvokeModel", lineOf["openai-chat"]?.(input) ?? ""),
    };
    for (const [name, [row]] of Object.entries(answers)) {
      const expected = name === "openai" ? `[{"name":"label","arguments":${JSON.stringify(input)}}]` : written;
      expect([name, row?.["outcome"], row?.["answer"]]).toEqual([name, "answered", expected]);
    }
  });

  it("and beside a text too", async () => {
    const line = lineOf["anthropic-messages"]?.(inputs[1] ?? "").replace(
      '[{"type":"tool',
      '[{"type":"text","text":"So:"},{"type":"tool',
    );
    const [row] = await read("anthropic-messages", "InvokeModel", line ?? "");
    expect([row?.["answer"], row?.["raw"]]).toEqual(["So:", `[{"name":"label","input":${inputs[1]}}]`]);
  });
});

it("a line that is no JSON, or has no call, has none", () => {
  for (const line of ["{", "[]", "null", '{"modelOutput":{"content":"text"}}', '{"modelOutput":7}'])
    expect([line, readExactCalls(line)]).toEqual([line, null]);
});
