// Makes a fresh clone ready: installs what the lock file names when it is not installed yet, and with --build builds
// dist/ (what is published) and build/ (every module by itself, for scripts and tests) when a source is newer. Needs nothing but Node and npm.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`halfprice needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

const digest = (text) => createHash("sha256").update(text).digest("hex");

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (done.status !== 0) {
    console.error(`failed: ${command} ${args.join(" ")}`);
    process.exit(done.status ?? 1);
  }
}

const lock = digest(readFileSync(join(root, "package-lock.json"), "utf8"));
const stamp = join(root, "node_modules", ".halfprice-ready");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("installing dependencies (npm ci) …");
  // No install script is needed by any dependency, so none is run.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, lock);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return Math.max(latest, statSync(folder).mtimeMs);
}

if (process.argv.includes("--build")) {
  const bundlers = ["scripts/build-dist.mjs", "scripts/build-pages.mjs", "scripts/build-function.mjs"];
  const built = join(root, "dist", ".built");
  const sources = Math.max(
    newest(join(root, "src")),
    ...["package.json", "tsconfig.json", "tsconfig.build.json", ...bundlers].map(
      (name) => statSync(join(root, name)).mtimeMs,
    ),
  );
  if (!existsSync(built) || statSync(built).mtimeMs < sources) {
    for (const name of ["build", "dist"]) rmSync(join(root, name), { recursive: true, force: true });
    run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"]);
    for (const name of bundlers) run(process.execPath, [join(root, name)]);
    writeFileSync(built, "");
  }
}
