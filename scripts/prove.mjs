// What takes too long for `npm test`: the long tests, and proof of what docs/million-rows.md says of packing and of comparing models, on
// the local service, with seeds that were fixed beforehand.
//   npm run prove                          all of it: three quarters of an hour
//   npm run prove -- --only tests          one of: tests, tokens, faults, canaries, comparisons
//   npm run prove -- --rows 100000 --count 20
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { proveComparisons } from "./prove-compare.mjs";
import { proveCanaries, proveFaults, proveTokens } from "./prove-packing.mjs";
import { makeJudge } from "./prove-scene.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rows: { type: "string", default: "1000000" },
    count: { type: "string", default: "100" },
  },
});
const [rows, count] = [Number(values.rows), Number(values.count)];

/** Kills at every kind of point, hundreds of jobs, the suite that holds for every workspace on S3: vitest.config.ts lists them. */
function runLongTests() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const env = { ...process.env, HALFPRICE_LONG_TESTS: "1" };
  const { status } = spawnSync("node_modules/.bin/vitest", ["run"], { cwd: root, env, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

const judge = makeJudge();

const proofs = {
  tests: runLongTests,
  tokens: () => proveTokens(judge, Math.min(rows, 20_000), Math.min(rows, 300_000)),
  faults: () => proveFaults(judge, rows),
  canaries: async () => {
    await proveCanaries(judge, count, 0.05);
    await proveCanaries(judge, Math.ceil(count / 5), 0);
  },
  comparisons: () => proveComparisons(judge, count, 3000),
};
for (const [name, prove] of Object.entries(proofs)) {
  if (values.only !== undefined && values.only !== name) continue;
  const startedAt = performance.now();
  await prove();
  console.log(`       ${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
}
judge.end();
