import { describe, expect, it } from "vitest";
import { openCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

const image = "iVBORw0KGgo".padEnd(400_000, "A");
const body = (index: number, withImage: boolean, more: object = {}) => ({
  recordId: `r${index}`,
  modelInput: {
    ...{ anthropic_version: "bedrock-2023-05-31", max_tokens: 50 },
    messages: [
      {
        role: "user",
        content: [
          ...(withImage
            ? [{ type: "image", source: { type: "base64", media_type: "image/png", data: `${image}${index}` } }]
            : []),
          { type: "text", text: `What is this, number ${index}?`, ...more },
        ],
      },
    ],
  },
});
const lines = (count: number, withImage: boolean, more: object = {}): string =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(body(index, withImage, more))}\n`).join("");

describe("an image in a ready body", () => {
  it("counts by the model's own rule, and not as base64 prose", async () => {
    const folder = makeFolder();
    writeFile(folder, "images.jsonl", lines(4, true));
    writeFile(folder, "texts.jsonl", lines(4, false));
    const plan = async (table: string) => {
      const words = ["--model", "claude-haiku-4.5", "--below-minimum", "on-demand", "--local", "--json"];
      const { stdout, stderr } = await runCli(["plan", table, ...words], folder);
      return JSON.parse(stdout === "" ? stderr : stdout) as { inputTokens: { expected: number } };
    };
    const [images, texts] = [await plan("images.jsonl"), await plan("texts.jsonl")];
    const each = (images.inputTokens.expected - texts.inputTokens.expected) / 4;
    expect(each).toBeGreaterThan(1590);
    expect(each).toBeLessThan(1700);
  });
});

describe("ready bodies with images", () => {
  it("may cost what their images may, whatever their bytes: a cap that holds is no hindrance", async () => {
    const folder = openCase("images-priced-as-text");
    const words = ["--raw", "--model", "claude-haiku-4.5", "--local", "--below-minimum", "on-demand"];
    const { code, stdout } = await runCli(["plan", "images.jsonl", ...words, "--max-cost", "0.01", "--json"], folder);
    const { inputTokens, model } = JSON.parse(stdout) as {
      inputTokens: { high: number };
      model: { warnings?: string[] };
    };
    expect([code, model.warnings ?? []]).toEqual([0, []]);
    // Three images of at most 1,600 tokens, and three short questions.
    expect(inputTokens.high).toBeGreaterThan(4800);
    expect(inputTokens.high).toBeLessThan(5200);
  });
});

describe("a marker of the prompt cache in a ready body", () => {
  it("is refused for batch, and taken on demand", async () => {
    const folder = makeFolder();
    writeFile(folder, "cached.jsonl", lines(110, false, { cache_control: { type: "ephemeral" } }));
    const words = ["plan", "cached.jsonl", "--model", "claude-haiku-4.5", "--local"];
    expect((await runCli(words, folder)).stderr).toContain("batch inference takes no markers of prompt caching");
    const onDemand = await runCli([...words, "--route", "on-demand"], folder);
    expect([onDemand.code, onDemand.stderr]).toEqual([0, expect.any(String)]);
  });
});
