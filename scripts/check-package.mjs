// The packed package: what it holds, whether its types and exports resolve, and whether it works from an empty folder.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

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

/** Programs that must not compile: each has one mistake that the types are there to find. */
const mistakes = {
  "a field that the schema does not have": "for await (const row of run.rows()) console.log(row.sentimnt);",
  "a field before it is known to be answered":
    "for await (const row of run.rows()) { const found: 'good' | 'bad' = row.sentiment; console.log(found); }",
  "a column that the table does not have": "await planBatch({ ...batch, prompt: (row) => row.txet }, { local: true });",
  "an option that there is not": "await runBatch(batch, { local: true, maxCost: 5 });",
  "a code that no error has":
    'try { await planBatch(batch); } catch (error) { if (isError(error, "NO_SUCH_CODE")) console.log(1); }',
  "a code that is compared and that no error has":
    'try { await planBatch(batch); } catch (error) { if (isError(error) && error.code === "NO_SUCH_CODE") console.log(1); }',
  "an option of the command line": 'await runBatch(batch, { local: true, maxCostUsd: "5" });',
};
const beforeMistake = [
  'import { csv, defineBatch, isError, planBatch, runBatch } from "halfprice";',
  'const output = { type: "object", properties: { sentiment: { enum: ["good", "bad"] } }, required: ["sentiment"] } as const;',
  'const input = csv<{ text: string }>("reviews.csv");',
  'const batch = defineBatch({ input, model: "claude-haiku-4.5", output, prompt: (row) => row.text });',
  "const run = await runBatch(batch, { local: true }); await planBatch(batch); console.log(run.id, isError(run));",
];

/** The programs of docs/library.md: compiled as a user's project would, with TypeScript and Node's types alone beside the package, and run. */
function runLibraryPrograms(folder) {
  for (const name of ["typescript", "@types/node", "undici-types"]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(join(link, ".."), { recursive: true });
    if (!existsSync(link)) symlinkSync(join(root, "node_modules", name), link);
  }
  const compilerOptions = {
    ...{ target: "ES2023", lib: ["ES2023"], module: "NodeNext", types: ["node"], strict: true },
    ...{ skipLibCheck: false, outDir: "compiled", noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const page = readFileSync(join(root, "docs/library.md"), "utf8");
  const programs = [...page.matchAll(/<!-- program: (\S+) -->\n```ts\n([\s\S]*?)```/g)];
  expectThat(programs.length >= 3, `docs/library.md has ${programs.length} programs`);
  for (const [, name, text] of programs) writeFileSync(join(folder, name), text);
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  run(process.execPath, [tsc, "-p", "."], folder);
  for (const [, name] of programs) {
    const printed = run(process.execPath, [join("compiled", name.replace(/\.ts$/, ".js"))], folder, true);
    console.error(`docs/library.md, ${name}: ${printed.trim().split("\n").at(-1)}`);
  }
  refuseMistakes(folder, tsc);
}

/** Compiles all mistakes at once, a file each: every one has to fail, at its last line and nowhere else. */
function refuseMistakes(folder, tsc) {
  const paths = Object.entries(mistakes).map(([what, line], index) => {
    const name = `mistake-${index}.ts`;
    writeFileSync(join(folder, name), [...beforeMistake, "", line].join("\n"));
    return { what, name };
  });
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", ".", "--noEmit"], { cwd: folder, encoding: "utf8" });
  for (const { what, name } of paths) {
    const at = [...stdout.matchAll(new RegExp(`${name}\\((\\d+),`, "g"))].map(([, line]) => Number(line));
    expectThat(at.length > 0, `a program with ${what} compiles`);
    expectThat(
      at.every((each) => each === beforeMistake.length + 2),
      `a program with ${what} fails elsewhere:\n${stdout}`,
    );
    rmSync(join(folder, name));
  }
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
    "dist/admin.js",
    "docs/library.md",
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
  const script = readFileSync(join(empty, "node_modules/halfprice/dist/console/web/app.js"));
  const scriptBytes = gzipSync(script).length;
  expectThat(scriptBytes < 150_000, `the console's script has ${scriptBytes} bytes of gzip; the limit is 150,000`);
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
  runLibraryPrograms(empty);
  console.error(
    `${files.length} files, ${(packed.size / 1e6).toFixed(1)} MB packed; ${readdirSync(join(empty, "node_modules")).length} folders installed`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
