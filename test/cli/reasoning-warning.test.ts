import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const table = makeCsv(
  ["id", "text"],
  Array.from({ length: 110 }, (_, index) => [String(index), `text ${index}`]),
);
const warning = "gpt-oss-20b thinks before it answers, and that counts against max_tokens: with 60 ";
const short = ["--prompt", "Sentiment of: {{text}}", "--model", "gpt-oss-20b", "--max-tokens", "60", "--local"];

const inFolder = (): string => {
  const folder = makeFolder();
  writeFile(folder, "t.csv", table);
  return folder;
};

describe("a limit that thinking would eat", () => {
  it("is warned of in the plan, in words and in JSON", async () => {
    const folder = inFolder();
    const { stdout } = await runCli(["plan", "t.csv", ...short], folder);
    expect(stdout).toContain(warning);
    expect(stdout).toContain("--max-tokens 1100");
    const { model } = JSON.parse((await runCli(["plan", "t.csv", ...short, "--json"], folder)).stdout);
    expect(model.warnings.join()).toContain(warning);
  });

  it("is warned of in try", async () => {
    const folder = inFolder();
    expect((await runCli(["try", "t.csv", ...short], folder)).stdout).toContain(warning);
    const { model } = JSON.parse((await runCli(["try", "t.csv", ...short, "--json"], folder)).stdout);
    expect(model.warnings.join()).toContain(warning);
  });

  it("is warned of in run", async () => {
    const ran = await runCli(["run", "t.csv", ...short, "--yes", "--allow-missing", "110", "--json"], inFolder());
    expect(ran.stderr).toContain(warning);
    expect(JSON.parse(ran.stdout).warnings.join()).toContain(warning);
  });

  it("is not spoken of for a model that does not think", async () => {
    const words = short.map((word) => (word === "gpt-oss-20b" ? "nova-micro" : word));
    const { stdout } = await runCli(["plan", "t.csv", ...words], inFolder());
    expect(stdout).toContain("Nova Micro");
    expect(stdout).not.toContain("thinks before it answers");
  });
});
