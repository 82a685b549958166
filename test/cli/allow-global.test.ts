import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { runCli } from "../support/run-cli.ts";

const table = makeCsv(
  ["id", "text"],
  Array.from({ length: 120 }, (_, index) => [String(index), `text ${index}`]),
);
const ask = ["--prompt", "Sentiment of: {{text}}", "--max-tokens", "4000"];
const inTokyo = ["--local", "--region", "ap-northeast-1"];
const opus = ["--model", "claude-opus-5"];

describe("a model that a region has through the global profile only", () => {
  it("stops plan, try and run, --yes or not, and nothing has been sent", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const commands = [["plan"], ["try"], ["run", "--yes"], ["run", "-o", "out.csv", "--yes", "--max-cost", "5"]];
    for (const [command = "", ...more] of commands) {
      const { code, stderr } = await runCli([command, "t.csv", ...ask, ...opus, ...inTokyo, ...more], folder);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain("error GLOBAL_ONLY");
      expect(stderr).toContain("ap-northeast-1");
      expect(stderr).toContain("global.anthropic.claude-opus-5 only");
      expect(stderr).toContain("--allow-global");
    }
    expect(JSON.parse((await runCli(["runs", "--json"], folder)).stdout)).toMatchObject({ runs: [] });
  });

  it("stops setup and doctor of that model, and --allow-global permits it in both", async () => {
    const folder = makeFolder();
    for (const command of [
      ["setup", "--print", "--json"],
      ["setup", "--format", "cloudformation"],
      ["setup", "--json"],
    ]) {
      const asked = [...command, ...opus, ...inTokyo];
      const stopped = await runCli(asked, folder);
      expect([command, stopped.code, stopped.stderr]).toEqual([command, 2, expect.stringContaining("GLOBAL_ONLY")]);
      expect(stopped.stderr).toContain("setup and doctor take it");
      const { stdout, stderr } = await runCli([...asked, "--allow-global"], folder);
      expect([command, stderr]).toEqual([command, expect.not.stringContaining("GLOBAL_ONLY")]);
      if (command.includes("--print")) expect(stdout).toContain("global.anthropic.claude-opus-5");
    }
    const doctor = async (...more: string[]): Promise<string> =>
      (await runCli(["doctor", ...opus, ...inTokyo, "--json", ...more], folder)).stdout;
    expect(await doctor()).toContain("GLOBAL_ONLY");
    expect(await doctor("--allow-global")).not.toContain("GLOBAL_ONLY");
  }, 60_000);

  const planIn =
    (folder: string) =>
    async (...words: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCli(["plan", ...words, ...inTokyo, "--json"], folder);
      return code === 0 ? (JSON.parse(stdout) as { model: { invokeId: string } }).model.invokeId : `${code} ${stderr}`;
    };

  it("is planned where a spec allows it, and not where it does not", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const spec = (more: string): string =>
      `export default { input: { path: "t.csv" }, model: "claude-opus-5", maxTokens: 4000, prompt: (row) => row.text${more} };\n`;
    writeFile(folder, "stops.mjs", spec(""));
    writeFile(folder, "allows.mjs", spec(", allowGlobal: true"));
    expect(await planIn(folder)("allows.mjs")).toBe("global.anthropic.claude-opus-5");
    expect(await planIn(folder)("stops.mjs")).toMatch(/^2 error GLOBAL_ONLY/);
  });

  it("is planned by its own name, and the permission changes nothing where there is a geographic profile", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const plan = planIn(folder);
    expect(await plan("t.csv", ...ask, "--model", "global.anthropic.claude-opus-5")).toBe(
      "global.anthropic.claude-opus-5",
    );
    expect(await plan("t.csv", ...ask, "--model", "claude-haiku-4.5", "--allow-global")).toMatch(/^jp\./);
  });

  it("is run with --allow-global", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const ran = await runCli(
      ["run", "t.csv", ...ask, ...opus, ...inTokyo, "--allow-global", "--yes", "-o", "out.csv"],
      folder,
    );
    expect(ran.code, ran.stderr).toBe(0);
    expect(readFileSync(`${folder}/out.csv`, "utf8").match(/,answered,/g)).toHaveLength(120);
  });

  it("is shown as such by models", async () => {
    const { stdout } = await runCli(["models", "--region", "ap-northeast-1"], makeFolder());
    expect(stdout).toMatch(/claude-opus-5 +global\.anthropic\.claude-opus-5 .*global only/);
    expect(stdout).toMatch(/claude-haiku-4\.5 +jp\.anthropic/);
  });

  it("keeps the permission in a saved plan", async () => {
    const folder = makeFolder();
    writeFile(folder, "t.csv", table);
    const saved = await runCli(
      ["plan", "t.csv", ...ask, ...opus, ...inTokyo, "--allow-global", "--save", "plan.json"],
      folder,
    );
    expect(saved.code, saved.stderr).toBe(0);
    const ran = await runCli(["run", "plan.json", ...inTokyo, "--yes", "-o", "out.csv"], folder);
    expect(ran.code, ran.stderr).toBe(0);
  });
});
