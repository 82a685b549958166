// How long the command takes to say something, beside an empty Node process; and how large an installation is.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeTableOf, runRounds } from "./rounds.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");

export function measureStart(folder, rounds) {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const empty = join(folder, "empty.mjs");
  writeFileSync(empty, "");
  const timeIn = (cwd, ...args) => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return { seconds: (performance.now() - started) / 1000 };
  };
  const time = (...args) => timeIn(home, ...args);
  const used = join(folder, "home-with-runs");
  const runId = makeRuns(used);
  const results = runRounds(
    "start",
    [
      { name: "halfprice --help", call: () => time(main, "--help") },
      { name: "halfprice --version", call: () => time(main, "--version") },
      { name: "halfprice runs, none there", call: () => time(main, "runs") },
      { name: "halfprice runs, three there", call: () => timeIn(used, main, "runs") },
      { name: "halfprice show <run>", call: () => timeIn(used, main, "show", runId) },
      { name: "an empty Node process", call: () => time(empty) },
    ],
    rounds,
  );
  return makeTableOf("Start", results, "ms");
}

/** Three runs on the local service. @returns the id of one */
function makeRuns(home) {
  mkdirSync(home, { recursive: true });
  const rows = Array.from({ length: 120 }, (_, index) => `${index},text ${index}\n`);
  writeFileSync(join(home, "rows.csv"), `id,text\n${rows.join("")}`);
  const call = (...args) =>
    execFileSync(process.execPath, [main, ...args], { cwd: home, encoding: "utf8", stdio: "pipe" });
  for (const greeting of ["Hi", "Hello", "Hey"]) {
    const prompt = ["--prompt", `${greeting} {{text}}`, "--model", "claude-haiku-4.5", "--max-tokens", "50"];
    call("run", "rows.csv", ...prompt, "--local", "--yes", "--quiet");
  }
  return JSON.parse(call("runs", "--json")).runs[0].id;
}

/** What `npm install halfprice` puts on a disk, by package: it is packed and installed into an empty folder. */
export function measureInstall(folder) {
  const home = join(folder, "installed");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{"private":true}');
  const npm = (cwd, ...args) =>
    execFileSync("npm", [...args, "--ignore-scripts", "--loglevel=error"], { cwd, encoding: "utf8" });
  const [{ filename }] = JSON.parse(npm(root, "pack", "--json", "--pack-destination", home));
  npm(home, "install", "--no-audit", "--no-fund", join(home, filename));
  const paths = npm(home, "ls", "--all", "--parseable").trim().split("\n").slice(1);
  const sizeOf = (path) =>
    Number(execFileSync("du", ["-sk", "--exclude=node_modules", path], { encoding: "utf8" }).split("\t")[0]) / 1024;
  const sizes = [...new Set(paths)]
    .map((path) => [path.split("node_modules/").at(-1), sizeOf(path)])
    .sort((a, b) => b[1] - a[1]);
  const total = sizes.reduce((sum, [, mb]) => sum + mb, 0);
  const own = sizes.find(([name]) => name === "halfprice")?.[1] ?? 0;
  const others = sizes.filter(([name]) => name !== "halfprice");
  const lines = others.slice(0, 8).map(([name, mb]) => `| ${name} | ${mb.toFixed(1)} |`);
  return `## Installed size, MB\n\n| | |\n|---|---|\n| all: halfprice and ${others.length} packages | ${total.toFixed(0)} |\n| halfprice itself | ${own.toFixed(1)} |\n${lines.join("\n")}\n`;
}
