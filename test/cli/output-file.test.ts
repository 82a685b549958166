import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { startLocal } from "../../src/local/index.ts";
import { openCase, readCase } from "../support/case-files.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { makeCsv } from "../support/records.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const table = readCase("output-is-input", "t.csv");
const onDemand = ["--model", "claude-haiku-4.5", "--local", "--below-minimum", "on-demand", "--yes"];
const prompted = ["--prompt", "Say {{text}}", ...onDemand];

let folder: string;
beforeEach(() => {
  folder = makeFolder();
  writeFile(folder, "t.csv", table);
});

const halfprice = (...args: string[]): Promise<CliResult> => runCli(args, folder);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

describe("an output file that is read", () => {
  const spellings: Record<string, (name: string) => string> = {
    "its own name": () => "t.csv",
    "another spelling": () => "./sub/../t.csv",
    "its absolute path": () => join(folder, "t.csv"),
    "a symbolic link": (name) => {
      symlinkSync(join(folder, "t.csv"), join(folder, name));
      return name;
    },
    "a hard link": (name) => {
      linkSync(join(folder, "t.csv"), join(folder, name));
      return name;
    },
  };
  for (const [title, make] of Object.entries(spellings)) {
    it(`is refused before anything is sent: the table by ${title}`, async () => {
      mkdirSync(join(folder, "sub"));
      const { code, stderr } = await halfprice("run", "t.csv", ...prompted, "--limit", "2", "-o", make("link.csv"));
      expect([code, stderr]).toEqual([2, expect.stringContaining("error OUTPUT_IS_INPUT")]);
      expect(stderr).toMatch(/fix +name another file: -o \S*-2\.csv/);
      expect(read("t.csv")).toBe(table);
      expect((await halfprice("runs")).stdout).toContain("No runs");
    });
  }

  it("is refused: a member of the glob", async () => {
    writeFile(folder, "data/a.csv", table);
    writeFile(folder, "data/b.csv", table);
    const { code, stderr } = await halfprice("run", "data/*.csv", ...prompted, "-o", "data/b.csv");
    expect([code, stderr]).toEqual([2, expect.stringContaining("error OUTPUT_IS_INPUT")]);
    expect(read("data/b.csv")).toBe(table);
  });

  it("is refused: the prompt, the schema and the spec, whatever their endings", async () => {
    const schema = '{"type":"object","properties":{"a":{"type":"string"}}}';
    writeFile(folder, "prompt.csv", "Say {{text}}");
    writeFile(folder, "shape.jsonl", schema);
    const spec = `import { csv, defineBatch } from "halfprice";
export default defineBatch({ input: csv("t.csv"), model: "claude-haiku-4.5", output: "shape.jsonl", prompt: (row) => row.text });`;
    writeFile(folder, "s.batch.ts", spec);
    symlinkSync(join(folder, "s.batch.ts"), join(folder, "spec.csv"));
    const cases = [
      ["run", "t.csv", "prompt.csv", ...onDemand, "-o", "prompt.csv"],
      ["run", "t.csv", ...prompted, "--schema", "shape.jsonl", "-o", "shape.jsonl"],
      ["run", "s.batch.ts", ...onDemand, "-o", "shape.jsonl"],
      ["run", "s.batch.ts", ...onDemand, "-o", "t.csv"],
      ["run", "s.batch.ts", ...onDemand, "-o", "spec.csv"],
      ["plan", "t.csv", ...prompted.slice(0, -1), "--schema", "plan.json", "--save", "plan.json"],
    ];
    writeFile(folder, "plan.json", schema);
    for (const args of cases) {
      const { code, stderr } = await halfprice(...args);
      expect([args.join(" "), code, stderr]).toEqual([
        args.join(" "),
        2,
        expect.stringContaining("error OUTPUT_IS_INPUT"),
      ]);
    }
    expect([read("prompt.csv"), read("shape.jsonl"), read("s.batch.ts"), read("plan.json"), read("t.csv")]).toEqual([
      "Say {{text}}",
      schema,
      spec,
      schema,
      table,
    ]);
  });

  it("is refused by export, and so is a file of the workspace", async () => {
    await halfprice("run", "t.csv", ...prompted, "--name", "r");
    const [own] = (await halfprice("runs", "--json")).stdout.match(/\d{8}-\d{6}-\w{5}/) ?? [];
    const inWorkspace = join(".halfprice", "runs", own ?? "", "results.parquet");
    const before = readFileSync(join(folder, inWorkspace));
    for (const output of ["t.csv", inWorkspace]) {
      const { code, stderr } = await halfprice("export", "r", "-o", output);
      expect([code, stderr]).toEqual([2, expect.stringContaining("error OUTPUT_IS_INPUT")]);
    }
    expect(read("t.csv")).toBe(table);
    expect(readFileSync(join(folder, inWorkspace)).equals(before)).toBe(true);
  });

  it("is left alone where it takes the input's place only while the run works, and the table is kept", async () => {
    await halfprice("run", "t.csv", ...prompted, "--name", "r", "-o", "out.csv");
    // The output of a run becomes a link to its input; a retry would write there.
    rmSync(join(folder, "out.csv"));
    symlinkSync(join(folder, "t.csv"), join(folder, "out.csv"));
    const { stderr } = await halfprice("export", "r", "-o", "out.csv", "--overwrite");
    expect(stderr).toContain("error OUTPUT_IS_INPUT");
    expect(read("t.csv")).toBe(table);
  });

  it("is no file that the writing makes on its way: a table named like the output's temporary file stays", async () => {
    writeFile(folder, "out.csv.tmp", "mine");
    const { code } = await halfprice("run", "t.csv", ...prompted, "-o", "out.csv");
    expect([code, read("out.csv.tmp")]).toEqual([0, "mine"]);
  });
});

describe("a table of some of the rows", () => {
  it("never replaces a file without --overwrite, and the run's own file only while it is as it was written", async () => {
    writeFile(folder, "out.csv", "mine");
    const args = ["run", "t.csv", ...prompted, "--limit", "2", "-o", "out.csv"];
    const refused = await halfprice(...args);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("error OUTPUT_EXISTS")]);
    expect(refused.stderr).toContain("-o out-2.csv; or add --overwrite");
    const sampled = await halfprice("run", "t.csv", ...prompted, "--sample", "2", "-o", "out.csv");
    expect([sampled.code, read("out.csv")]).toEqual([2, "mine"]);
    const allowed = await halfprice(...args, "--overwrite");
    expect([allowed.code, read("out.csv").trim().split("\n").length]).toEqual([0, 3]);
  });

  it("is exported over a file only with --overwrite", async () => {
    await halfprice("run", "t.csv", ...prompted, "--limit", "2", "--name", "r");
    writeFile(folder, "out.csv", "mine");
    expect((await halfprice("export", "r", "-o", "out.csv")).stderr).toContain("error OUTPUT_EXISTS");
    expect(read("out.csv")).toBe("mine");
    expect((await halfprice("export", "r", "-o", "out.csv", "--overwrite")).code).toBe(0);
    expect((await halfprice("export", "r", "-o", "out.csv")).code).toBe(0);
  });

  it("is no hindrance for the whole table, which replaces what is there", async () => {
    writeFile(folder, "out.csv", "mine");
    expect((await halfprice("run", "t.csv", ...prompted, "-o", "out.csv")).code).toBe(0);
    expect(read("out.csv").trim().split("\n")).toHaveLength(51);
  });
});

describe("a run that has ended", () => {
  it("is changed by none of stop, resume and collect: neither state, nor duration, nor the edited output", async () => {
    openCase("finished-run-changed", folder);
    await halfprice("run", "t.csv", ...prompted, "--name", "r", "-o", "out.csv");
    const show = async (): Promise<unknown> => JSON.parse((await halfprice("show", "r", "--local", "--json")).stdout);
    const before = await show();
    writeFileSync(join(folder, "out.csv"), "edited by user");
    for (const command of ["stop", "resume", "collect"]) {
      const { code, stderr } = await halfprice(command, "r", "--local");
      expect([command, code, stderr]).toEqual([command, 0, expect.stringContaining("has already ended")]);
      expect(stderr).toContain("halfprice export");
      expect(read("out.csv")).toBe("edited by user");
      expect(await show()).toEqual(before);
    }
  });

  it("keeps an edited output from a retry, unless that names another file or --overwrite", async () => {
    const server = await startLocal({
      dataDir: join(folder, ".halfprice", "local"),
      speed: 6000,
      seed: 1,
      faults: { records: [{ fault: "throttled", times: 5 }] },
    });
    try {
      writeFile(
        folder,
        "big.csv",
        makeCsv(
          ["text"],
          Array.from({ length: 120 }, (_, index) => [`row ${index}`]),
        ),
      );
      const args = ["big.csv", "--prompt", "Say {{text}}", "--model", "claude-haiku-4.5", "--local", "--yes"];
      const first = await halfprice("run", ...args, "--name", "r", "-o", "out.csv");
      expect(first.code).toBe(4);
      writeFileSync(join(folder, "out.csv"), "edited by user");
      const again = ["retry", "r", "--local", "--yes", "--below-minimum", "on-demand"];
      const refused = await halfprice(...again);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("error OUTPUT_EXISTS")]);
      expect(read("out.csv")).toBe("edited by user");
      const elsewhere = await halfprice(...again, "-o", "other.csv");
      expect([elsewhere.code, read("other.csv").trim().split("\n").length]).toEqual([0, 121]);
      expect(read("out.csv")).toBe("edited by user");
    } finally {
      await server.close();
    }
  });
});
