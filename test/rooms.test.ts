import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findCycle, findTrespass, readDynamicImports, readImports, roomOf, rooms } from "./rooms.ts";

const src = fileURLToPath(new URL("../src/", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.tsx?$/.test(path));

/** Our own files that are loaded when they are needed, beside the commands of the table in cli/main.ts; each says there why. */
const loadedLater = [
  "aws/network.ts ./environment/agent.ts",
  "cli/halfprice.ts ./main.ts",
  "cli/main.ts ./complete/complete.ts",
  "prompt/read-spec-file.ts self.href",
  "workspace/local-service.ts ../local/index.ts",
];

describe("the rooms of src/", () => {
  it("import only from the rooms and packages that the table allows", () => {
    const imports = files.flatMap((path) => readImports(path, readFileSync(join(src, path), "utf8")));
    expect(imports.flatMap((each) => findTrespass(each) ?? [])).toEqual([]);
    // A reader that reads nothing would find nothing: most files import something.
    expect(new Set(imports.map(({ from }) => from)).size).toBeGreaterThan(files.length / 2);
  });

  it("are all in the table", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => rooms[room] === undefined)).toEqual([]);
  });

  it("have no row without files", () => {
    expect(Object.keys(rooms).filter((room) => !files.some((path) => roomOf(path) === room))).toEqual([]);
  });

  it("import only from rooms above them in the table, type-only imports included: so there is no cycle of rooms", () => {
    const order = Object.keys(rooms);
    const upward = order.flatMap((room, at) =>
      (rooms[room]?.rooms ?? [])
        .filter((other) => order.indexOf(other) >= at)
        .map((other) => `${room} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  it("have no cycle of files inside, type-only imports included", () => {
    const targets = new Map(
      files.map((path) => [
        path,
        readImports(path, readFileSync(join(src, path), "utf8"))
          .filter(({ specifier }) => specifier.startsWith("."))
          .map(({ specifier }) => new URL(specifier, `file:///${path}`).pathname.slice(1)),
      ]),
    );
    expect(findCycle(targets)).toBeUndefined();
    expect(
      findCycle(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
        ]),
      ),
    ).toEqual(["a", "b", "c", "a"]);
  });

  it("import our own files statically, but for the commands and a few others", () => {
    const found = files
      .flatMap((path) => readDynamicImports(path, readFileSync(join(src, path), "utf8")))
      .map(({ from, specifier }) => `${from} ${specifier}`);
    const ofTable = /^cli\/main\.ts \.\/(commands|servers)\//;
    expect(found.filter((each) => !ofTable.test(each)).sort()).toEqual(loadedLater);
    expect(found.filter((each) => ofTable.test(each)).length).toBeGreaterThan(20);
    expect(loadedLater.length).toBeLessThanOrEqual(12);
  });

  it("load Node's network modules through foundation/node-network.ts, servers and what is loaded later aside", () => {
    const heads = /^import (?!type\b)[^;]*"node:(?:http|https|tls)";/m;
    const found = files.filter((path) => heads.test(readFileSync(join(src, path), "utf8")));
    expect(found.filter((path) => !/^(local|serve|console)\//.test(path))).toEqual(["aws/environment/agent.ts"]);
  });

  it.each([
    ['const { a } = await import("./a.ts");', ["./a.ts"]],
    ['const a = await import(\n  "../b/a.ts"\n);', ["../b/a.ts"]],
    ["await import(new URL(name, base).href);", ["new URL(name, base"]],
    ['const { createJiti } = await import("jiti");', []],
    ['type A = typeof import("./a.ts");', []],
    ['// await import("./a.ts")', []],
  ])("%s is read as it is", (source, loaded) => {
    expect(readDynamicImports("plan/x.ts", source).map(({ specifier }) => specifier)).toEqual(loaded);
  });

  it("have at most 25 files each, catalogues and the local service's operations aside", () => {
    const folders = new Map<string, number>();
    for (const path of files) {
      const folder = path.split("/").slice(0, -1).join("/");
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    const large = [...folders].filter(
      ([folder, count]) => count > 25 && !/^local\/[\w-]+\/operations$|catalogue/.test(folder),
    );
    expect(large).toEqual([]);
  });

  it("leave nothing loose in src/ but index.ts and admin.ts", () => {
    expect(files.filter((path) => !path.includes("/") && !/^(index|admin)\.ts$/.test(path))).toEqual([]);
  });

  it("say of every export what it is, the local service and the commands' own doors aside", () => {
    const silent = files
      .filter((path) => !path.startsWith("local/"))
      .flatMap((path) => {
        const lines = readFileSync(join(src, path), "utf8").split("\n");
        return lines.flatMap((line, at) => {
          const name = /^export (?:async function\*?|function\*?|const|class|interface|type) (\w+)/.exec(line)?.[1];
          const isSilent = name !== undefined && name !== "define" && lines[at - 1]?.trimEnd().endsWith("*/") !== true;
          return isSilent ? [`${path}: ${name}`] : [];
        });
      });
    expect(silent).toEqual([]);
  });

  it("keep every file under 300 lines, data tables aside", () => {
    const long = files.filter((path) => {
      const source = readFileSync(join(src, path), "utf8");
      return source.split("\n").length > 300 && !source.startsWith("/** Data: ");
    });
    expect(long).toEqual([]);
  });

  it.each([
    ["local/gateway.ts", 'import { x } from "../foundation/errors/index.ts";', "local may not import from foundation"],
    ["plan/shards.ts", 'import { open } from "../engine/engine.ts";', "plan may not import from engine"],
    ["jobs/submit.ts", 'import {\n  a,\n  b,\n} from "../results/parse.ts";', "jobs may not import from results"],
    ["jobs/submit.ts", 'export * from "../report/money.ts";', "jobs may not import from report"],
    [
      "run/plan/plan-run.ts",
      'const { startLocal } = await import("../../local/index.ts");',
      "run/plan may not import from local",
    ],
    [
      "jobs/upload.ts",
      'import { S3Client } from "@aws-sdk/client-s3";',
      "may not import the package @aws-sdk/client-s3",
    ],
    ["results/join.ts", 'import type { X } from "@duckdb/node-api";', "may not import the package @duckdb/node-api"],
    ["cli/runs.ts", 'import "@photostructure/sqlite";', "may not import the package @photostructure/sqlite"],
    ["cli/runs.ts", 'import pkg from "../../package.json" with { type: "json" };', "leaves src/"],
    ["helpers/x.ts", 'import "node:fs";', "no such room"],
  ])("a planted fault in %s is found: %s", (path, source, problem) => {
    const found = readImports(path, source).map(findTrespass);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it("does not take a comment for an import", () => {
    expect(readImports("plan/x.ts", '/* import x from "../aws/s3.ts" */\n// import "y";\n')).toEqual([]);
  });
});
