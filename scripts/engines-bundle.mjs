// Makes one archive for engines that start on machines without Node: Node's own binary, and the package with what it needs at run time.
// `npm run engines:bundle [-- --output halfprice.tar.gz]`; spark-submit takes it with --archives halfprice.tar.gz#halfprice.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { output: { type: "string", default: "halfprice.tar.gz" } } });
const output = resolve(values.output);
const work = mkdtempSync(join(tmpdir(), "halfprice-bundle-"));
try {
  const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const top = join(work, "halfprice");
  mkdirSync(join(top, "bin"), { recursive: true });
  cpSync(process.execPath, join(top, "bin", "node"), { dereference: true });
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", work], root);
  const packed = readdirSync(work).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(top, "package.json"), '{ "private": true }\n');
  // Binaries of the engine and the ledger come with their packages, for the system that this is made on.
  run("npm", ["install", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", join(work, packed)], top);
  writeFileSync(join(top, "halfprice.js"), 'import("./node_modules/halfprice/dist/cli/halfprice.js");\n');
  run("tar", ["-czf", output, "-C", top, "."], work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(
  `${output}: ${Math.round(statSync(output).size / 1e6)} MB, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
);
