// The packed package: what it holds, whether its types and exports resolve, and whether it works from an empty folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "halfprice-package-"));

function run(command, args, cwd, capture = false) {
  const stdio = ["ignore", capture ? "pipe" : 2, 2];
  const done = spawnSync(command, args, { cwd, stdio, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} exited ${done.status}\n${done.stdout ?? ""}`);
  return done.stdout ?? "";
}

function expectThat(condition, problem) {
  if (!condition) throw new Error(problem);
}

try {
  run(join(root, "node_modules/.bin/publint"), ["--strict"], root);
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", folder, "--loglevel=error"], root, true),
  );
  const files = packed.files.map(({ path }) => path);
  for (const name of [
    "dist/cli/halfprice.js",
    "dist/cli/main.js",
    "dist/index.d.ts",
    "dist/local/index.js",
    "data/banking77/train.csv",
    "data/banking77/LICENSE",
    "LICENSE",
    "README.md",
  ]) {
    expectThat(files.includes(name), `the package lacks ${name}`);
  }
  const stray = files.filter((path) => /^(src|test|scripts|bench|node_modules|\.)/.test(path));
  expectThat(stray.length === 0, `the package holds ${stray.join(", ")}`);
  const tarball = join(folder, packed.filename);
  run(join(root, "node_modules/.bin/attw"), [tarball, "--profile", "esm-only"], root);

  const empty = join(folder, "empty");
  run("mkdir", [empty], folder);
  writeFileSync(join(empty, "package.json"), '{"private":true,"type":"module"}');
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", tarball], empty);
  const command = join(empty, "node_modules/.bin/halfprice");
  expectThat(
    run(command, ["--version"], empty, true).trim() === packed.version,
    "the installed command has another version",
  );
  const demo = run(command, ["demo", "--quiet"], empty, true);
  expectThat(demo.includes("10,003 answered"), `the installed demo printed:\n${demo}`);
  expectThat(existsSync(join(empty, "halfprice-demo/results.parquet")), "the installed demo wrote no table");
  const source = [
    'import { startLocal } from "halfprice/local";',
    'import { csv, defineBatch } from "halfprice";',
    "await using_();",
    "async function using_() {",
    "  const server = await startLocal();",
    "  const answer = await fetch(`${server.url}/model-invocation-jobs`);",
    "  console.log(answer.status, typeof defineBatch, typeof csv);",
    "  await server.close();",
    "}",
  ].join("\n");
  writeFileSync(join(empty, "use.mjs"), source);
  expectThat(
    run(process.execPath, ["use.mjs"], empty, true).trim() === "200 function function",
    "the installed library does not work",
  );
  console.error(
    `${files.length} files, ${(packed.size / 1e6).toFixed(1)} MB packed; ${readdirSync(join(empty, "node_modules")).length} folders installed`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
