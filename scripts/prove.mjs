// Proves what docs/million-rows.md says of packing and of comparing models, on the local service, with seeds that were fixed beforehand.
//   npm run prove                          all of it: half an hour
//   npm run prove -- --only faults         one of: faults, tokens, canaries, comparisons
//   npm run prove -- --rows 100000 --count 20
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
const judge = makeJudge();

const proofs = {
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
