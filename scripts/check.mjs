// Every check, in the order in which a failure is cheapest to find. `npm test -- NAME…` runs only those.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name, ...args) => ["node_modules/.bin/" + name, ...args];
const checks = [
  ["format", ...bin("biome", "ci", "--colors=off", "--error-on-warnings", ".")],
  ["types", ...bin("tsc", "-p", "tsconfig.json")],
  ["types of the pages", ...bin("tsc", "-p", "src/console/web")],
  ["lint", ...bin("oxlint", "--type-aware", "--deny-warnings")],
  ["unused", ...bin("knip", "--no-progress")],
  ["docs", process.execPath, "scripts/write-docs.mjs", "--check"],
  ["package", process.execPath, "scripts/check-package.mjs"],
  ["tests", ...bin("vitest", "run")],
];

const asked = process.argv.slice(2);
let failed = 0;
for (const [name, command, ...args] of checks) {
  if (asked.length > 0 && !asked.includes(name.split(" ")[0])) continue;
  console.error(`\n── ${name}`);
  const env = {
    ...process.env,
    ...(process.stderr.isTTY ? {} : { NO_COLOR: "1" }),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const startedAt = Date.now();
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (done.status !== 0) failed += 1;
  console.error(`── ${name}: ${done.status === 0 ? "ok" : "FAILED"} (${seconds} s)`);
}
process.exit(failed === 0 ? 0 : 1);
