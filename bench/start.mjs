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

/** What `npm install halfprice` puts on a disk, by package. */
export function measureInstall() {
  const listed = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: root, encoding: "utf8" });
  const paths = [...new Set(listed.trim().split("\n").slice(1))];
  const sizeOf = (path) =>
    Number(execFileSync("du", ["-sk", "--exclude=node_modules", path], { encoding: "utf8" }).split("\t")[0]) / 1024;
  const sizes = paths.map((path) => [path.split("node_modules/").at(-1), sizeOf(path)]).sort((a, b) => b[1] - a[1]);
  const own = sizeOf(join(root, "dist"));
  const total = sizes.reduce((sum, [, mb]) => sum + mb, own);
  const lines = sizes.slice(0, 8).map(([name, mb]) => `| ${name} | ${mb.toFixed(1)} |`);
  return `## Installed size, MB\n\n| | |\n|---|---|\n| all: halfprice and ${sizes.length} packages | ${total.toFixed(0)} |\n| halfprice itself | ${own.toFixed(1)} |\n${lines.join("\n")}\n`;
}
