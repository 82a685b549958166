import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue, HalfpriceError, isError } from "../../src/foundation/errors/index.ts";
import { makeFolder } from "../support/folder.ts";
import { runCli } from "../support/run-cli.ts";

const refused = new HalfpriceError("SERVICE_REFUSED", {
  ...{ service: "Bedrock", operation: "Converse", type: "ThrottlingException", status: 429, message: "slow down" },
});

describe("an error", () => {
  it("is told by its code, and isError narrows to it", () => {
    const thrown: unknown = refused;
    expect(isError(thrown)).toBe(true);
    expect(isError(thrown, "MAX_COST", "SERVICE_REFUSED")).toBe(true);
    expect(isError(thrown, "MAX_COST")).toBe(false);
    expect(isError(new Error("SERVICE_REFUSED"), "SERVICE_REFUSED")).toBe(false);
    if (isError(thrown, "SERVICE_REFUSED")) expect(thrown.details.status.toFixed(0)).toBe("429");
    if (isError(thrown) && thrown.code === "MAX_COST") expect(thrown.details.maxUsd).toBeUndefined();
    expect(String(thrown)).toMatch(/^HalfpriceError: Bedrock Converse answered ThrottlingException/);
  });

  it("never compares two amounts that look alike", () => {
    const say = (upperUsd: number, spentUsd = 0): string =>
      new HalfpriceError("MAX_COST", { option: "--max-cost", maxUsd: 5, spentUsd, reservedUsd: 0, upperUsd }).message;
    expect(say(5.0014)).toBe("This may cost up to $5.0014. --max-cost allows $5.0000.");
    expect(say(7.5)).toBe("This may cost up to $7.50. --max-cost allows $5.00.");
    expect(say(0.000012, 5)).toContain("that is $5.000012. --max-cost allows $5.000000.");
  });

  it("of a misspelt code does not compile, neither made nor compared", () => {
    // @ts-expect-error: no such code
    expect(() => new HalfpriceError("NO_SUCH_CODE", {})).toThrow();
    // @ts-expect-error: no such code
    expect(isError(refused, "NO_SUCH_CODE")).toBe(false);
    const thrown: unknown = refused;
    // @ts-expect-error: no such code
    if (isError(thrown)) expect(thrown.code === "NO_SUCH_CODE").toBe(false);
    // @ts-expect-error: no such code
    if (thrown instanceof HalfpriceError) expect(thrown.code === "NO_SUCH_CODE").toBe(false);
    // @ts-expect-error: the details of another code
    expect(new HalfpriceError("NO_SUCH_FILE", { bucket: "b" }).code).toBe("NO_SUCH_FILE");
  });
});

describe("a program that uses the package", () => {
  it("does not compile with a misspelt code either", () => {
    const folder = makeFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(fileURLToPath(new URL("../../", import.meta.url)), join(folder, "node_modules/halfprice"));
    writeFileSync(
      join(folder, "program.ts"),
      [
        'import { type ErrorCode, HalfpriceError, isError } from "halfprice";',
        "export function read(error: unknown): number | undefined {",
        '  if (isError(error, "SERVICE_REFUSED")) return error.details.status;',
        '  if (error instanceof HalfpriceError && error.code === "MAX_COST") return error.details.maxUsd;',
        '  if (isError(error, "NO_SUCH_CODE")) return 1;',
        '  if (error instanceof HalfpriceError && error.code === "NO_SUCH_CODE") return 2;',
        '  if (isError(error) && error.code === "NO_SUCH_CODE") return 3;',
        '  if (isError(error, "MAX_COST")) return error.details.status;',
        "  return undefined;",
        "}",
        'export const code: ErrorCode = "NO_SUCH_CODE";',
      ].join("\n"),
    );
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2023"];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, "--pretty", "false", "program.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    const lines = [...stdout.matchAll(/^program\.ts\((\d+),/gm)].map(([, line]) => Number(line));
    expect(lines, stdout).toEqual([5, 6, 7, 8, 11]);
    expect(stdout.replace(/^program\.ts.*(\n {2}.*)*$/gm, "").trim()).toBe("");
  });
});

describe("halfprice explain CODE", () => {
  it.each(["MAX_COST", "max_cost", "Max_Cost"])("%s shows when it comes up, its message and its fix", async (name) => {
    const { code, stdout } = await runCli(["explain", name], makeFolder());
    const error = new HalfpriceError("MAX_COST", catalogue.MAX_COST.example);
    expect(code).toBe(0);
    for (const words of ["MAX_COST", catalogue.MAX_COST.about, error.message, error.fix])
      expect(stdout).toContain(words);
    const { stdout: json } = await runCli(["explain", name, "--json"], makeFolder());
    expect(JSON.parse(json)).toEqual({
      ...{ code: "MAX_COST", exitCode: 2, about: catalogue.MAX_COST.about },
      ...{ message: error.message, fix: error.fix },
    });
  });

  it("names the nearest of a misspelt one", async () => {
    const { code, stderr } = await runCli(["explain", "MAX_COTS"], makeFolder());
    expect(code).toBe(2);
    expect(stderr).toContain("The nearest is MAX_COST.");
  });

  it("is what an error names for more", async () => {
    const { stderr } = await runCli(["show", "nothing"], makeFolder());
    const [, words = ""] = /more {2}halfprice (.*)$/m.exec(stderr) ?? [];
    expect(words).toBe("explain UNKNOWN_RUN");
    expect((await runCli(words.split(" "), makeFolder())).code).toBe(0);
  });
});
