// Runs some of the suite's end-to-end flows on other versions of Node: node scripts/smoke-node.mjs [22 24]. Each version comes from
// npm (the packages behind the package `node`) into a folder of its own; one that cannot be had is skipped, and that is said.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const flows = [
  ...["test/library/run-batch.test.ts", "test/cli/retry.test.ts", "test/upgrade"],
  // The function's bundle, with these versions' own SQLite.
  "test/deploy/bundle.test.ts",
];
const versions = process.argv.length > 2 ? process.argv.slice(2) : ["22", "24"];

/** The path of a Node of that version below a folder; undefined where npm has none for this machine, or cannot be reached. */
function install(version, folder) {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`];
  const done = spawnSync("npm", [...args, "--prefix", folder], { stdio: ["ignore", 2, 2] });
  const path = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  return done.status === 0 && existsSync(path) ? path : undefined;
}

/** OpenAI's client from this version on wants Node 22; the suite has the one before it. */
const newerOpenai = "openai@7.59.0";

/** @returns whether OpenAI's newer client passes its flow; one that npm does not give is skipped, and that is said */
function checkOpenai(node, version, folder) {
  if (Number(version) < 22) return true;
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", newerOpenai];
  if (spawnSync("npm", [...args, "--prefix", folder], { stdio: ["ignore", 2, 2] }).status !== 0) {
    console.error(`Node ${version}: ${newerOpenai} skipped, it could not be installed from npm`);
    return true;
  }
  const script = join(root, "scripts", "check-newer-openai.mjs");
  return spawnSync(node, [script, folder], { cwd: root, stdio: ["ignore", 2, 2] }).status === 0;
}

let failed = 0;
for (const version of versions) {
  const folder = mkdtempSync(join(tmpdir(), `halfprice-node-${version}-`));
  try {
    const node = install(version, folder);
    if (node === undefined) {
      console.error(`Node ${version}: skipped, it could not be installed from npm`);
      continue;
    }
    const found = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
    // The command line's tests start the Node that runs them.
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const done = spawnSync(node, [vitest, "run", "--maxWorkers=1", ...flows], { cwd: root, stdio: ["ignore", 2, 2] });
    const isOf = found.startsWith(`v${version}.`);
    const isOk = done.status === 0 && isOf && checkOpenai(node, version, folder);
    console.error(`Node ${found}: ${isOk ? "ok" : "FAILED"}`);
    if (!isOk) failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exit(failed === 0 ? 0 : 1);
