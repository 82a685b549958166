// Proofs about comparisons of models: how often the right one is named, and how often one that is not good enough.
import { parseRunOptions } from "../build/foundation/options/run-options.js";
import { compareCandidates } from "../build/library/compare/compare-candidates.js";
import { readRequest } from "../build/run/plan/read-request.js";
import { openScene } from "./prove-scene.mjs";

const labels = ["billing", "delivery", "login", "refund", "other", "card", "limit"];
function* rows(count) {
  for (let at = 0; at < count; at += 1)
    yield [`message ${at} of many ${(at * 7919) % 1009}`, labels[(at * 31) % labels.length]];
}

/** The models of the scene: the first is the dearer one. */
const names = ["claude-haiku-4.5", "nova-micro"];

/**
 * Compares two models on samples, each with chances of its own.
 * @param shares how often each is really right
 * @returns how often each was named, and how often none was
 */
async function compareOften(count, shares, sampleRows, atLeast) {
  const named = [0, 0];
  let none = 0;
  const needed = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const models = Object.fromEntries(names.map((name, at) => [name, { accuracy: shares[at] }]));
    const scene = await openScene(rows(sampleRows), { models, seed });
    try {
      const request = await readRequest(
        { first: scene.table, prompt: "Which topic?\n\nMessage: {{text}}", model: names[0] },
        { ...parseRunOptions({ answerPrefix: "a_" }, "prove"), maxTokens: 20 },
      );
      const candidates = names.map((model) => ({ model, prompt: "--prompt", request }));
      const compare = {
        candidates,
        sample: { count: sampleRows, seed },
        judgedBy: { kind: "gold", column: "label" },
        matching: { mode: "exact" },
        atLeast,
      };
      const found = await compareCandidates(scene.session, compare, { confirm: () => true });
      const at = names.indexOf(found.recommended?.model);
      if (at < 0) none += 1;
      else named[at] += 1;
      if (found.rowsNeeded !== undefined) needed.push(found.rowsNeeded);
    } finally {
      await scene.close();
    }
  }
  needed.sort((one, other) => one - other);
  return { named, none, needed: needed[Math.floor(needed.length / 2)] };
}

const sayNamed = ({ named, none, needed }) =>
  `${named[0]} of the dearer, ${named[1]} of the cheaper, none in ${none}${needed === undefined ? "" : ` (rows that would settle it, the middle one: ${needed})`}`;

export async function proveComparisons(judge, count, enoughRows) {
  const bar = 0.88;
  const small = await compareOften(count, [0.9, 0.85], 1200, bar);
  // No test that is wrong in 5 of 100 samples at most names 0.90 above a bar of 0.88 in more than 70 of 100 on so few rows.
  judge.note(
    `of ${count} comparisons of 0.90 (dearer) and 0.85 on 1,200 rows with a bar of 0.88 the right one is named in`,
    sayNamed(small),
  );
  judge.say(
    "and one that is below the bar in at most 12 %",
    small.named[1] <= 0.12 * count,
    `${small.named[1]} of ${count}`,
  );
  const below = await compareOften(count, [0.875, 0.87], 1200, bar);
  judge.say(
    `of ${count} comparisons of 0.875 and 0.87, both below the bar, one is recommended in at most 12 %`,
    below.named[0] + below.named[1] <= 0.12 * count,
    sayNamed(below),
  );
  const enough = await compareOften(count, [0.9, 0.85], enoughRows, bar);
  judge.say(
    `on ${enoughRows.toLocaleString("en-US")} rows, which the test takes for nine of ten, the right one is named in at least 90 %`,
    enough.named[0] >= 0.9 * count && enough.named[1] === 0,
    sayNamed(enough),
  );
}
