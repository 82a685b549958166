// Proofs about rows that share requests: what faults do to a million of them, what they save, and what a canary lets through.
import { parseRunOptions } from "../build/foundation/options/run-options.js";
import { beginRun } from "../build/library/begin-run.js";
import { planRun } from "../build/run/plan/plan-run.js";
import { readRequest } from "../build/run/plan/read-request.js";
import { driveRun } from "../build/run/start-and-resume/drive-run.js";
import { startRun } from "../build/run/start-and-resume/start-run.js";
import { makeWords, openScene, query } from "./prove-scene.mjs";

const options = (more) => ({ ...parseRunOptions({ answerPrefix: "a_" }, "prove"), ...more });

async function runToEnd(session, input, more) {
  const request = await readRequest(input, options(more));
  const planned = await planRun(session, request);
  const { runId } = await startRun(session, planned, undefined);
  return (await driveRun(session, runId, "follow")).finished;
}

/** Rows whose labels are all different: whoever gets another row's answer is found out. */
function* unlike(count) {
  for (let at = 0; at < count; at += 1) yield [`message ${at} of many ${(at * 7919) % 1009}`, `L${at}`];
}

/** Each fault at 1 %, first without exchanges, which no key can show: then no row may have another row's answer at all. */
export async function proveFaults(judge, rowCount) {
  const found = { drop: 0.01, double: 0.01, reorder: 0.01, exchange: 0, merge: 0.01 };
  await proveFaultsAt(judge, rowCount, found);
  await proveFaultsAt(judge, rowCount, { ...found, exchange: 0.01 });
}

async function proveFaultsAt(judge, rowCount, packed) {
  const scene = await openScene(unlike(rowCount), { models: { "nova-micro": { accuracy: 1 } }, packed, seed: 7 });
  const head = `${rowCount.toLocaleString("en-US")} packed rows, each fault at 1 % ${packed.exchange > 0 ? "with" : "without"} exchanges`;
  try {
    const input = { first: scene.table, prompt: "Name the message.\n\nMessage: {{text}}", model: "nova-micro" };
    const run = await runToEnd(scene.session, input, { pack: 25, maxTokens: 12 });
    const { summary, shards } = run;
    const [rows] = await query(
      run,
      "SELECT count(*) FILTER (a_halfprice_outcome = 'answered') AS answered, count(*) FILTER (a_answer <> label) AS other FROM results",
    );
    const other = Number(rows.other);
    const again = summary.money.parts.find(({ kind }) => kind === "retry");
    const counts = `${rows.answered} answered, ${again?.requestCount} of them asked again alone; ${other} have another row's answer`;
    if (packed.exchange === 0) {
      judge.say(`${head}: each has its own answer`, Number(rows.answered) === rowCount && other === 0, counts);
    } else {
      const [strange] = await query(
        run,
        `WITH members AS (SELECT pack_id, unnest(string_split(record_ids, ' ')) AS id FROM PACKS),
          placed AS (SELECT pack_id, label, a_answer FROM results JOIN members ON id = a_halfprice_record_id),
          wrong AS (SELECT * FROM placed WHERE a_answer <> label)
        SELECT count(*) AS rows FROM wrong w WHERE NOT EXISTS (SELECT 1 FROM placed p WHERE p.pack_id = w.pack_id AND p.label = w.a_answer)`,
      );
      const isRate = other > 0.007 * rowCount && other < 0.011 * rowCount;
      judge.say(
        `${head}: no more rows have another's answer than were exchanged`,
        Number(rows.answered) === rowCount && isRate && Number(strange.rows) === 0,
        `${counts}, ${strange.rows} of them one that is not of its request`,
      );
    }
    const [sums] = await query(
      run,
      "SELECT sum(a_halfprice_cost_usd) AS usd, sum(a_halfprice_input_tokens) AS i, sum(a_halfprice_output_tokens) AS o FROM results",
    );
    const manifests = shards.map(({ attempt }) => JSON.parse(attempt?.manifest ?? "{}"));
    const counted = (name) => manifests.reduce((sum, each) => sum + (each[name] ?? 0), 0);
    const isOnDemand = shards.some(({ lane }) => lane === "on_demand");
    const isCounted = counted("inputTokenCount") === Number(sums.i) && counted("outputTokenCount") === Number(sums.o);
    judge.say(
      "cost column = money line = the service's count",
      Math.abs(Number(sums.usd) - summary.paidUsd) < 1e-6 &&
        (isOnDemand || isCounted) &&
        summary.discrepancies.length === 0,
      `$${Number(sums.usd).toFixed(6)}, $${summary.paidUsd.toFixed(6)}; ${sums.i} and ${sums.o} tokens in the table, ${counted("inputTokenCount")} and ${counted("outputTokenCount")} in the manifests`,
    );
  } finally {
    await scene.close();
  }
}

/** A prompt of 220 tokens that rows of 60 tokens share, with answers of 12: what the service counts, and how long it takes to prepare. */
export async function proveTokens(judge, rowCount, timedRows) {
  const instruction = makeWords(205, 3);
  function* rows(count) {
    for (let at = 0; at < count; at += 1)
      yield [`${at} ${makeWords(58, at + 1)}`, `class ${at % 7} of a message that it may have been`];
  }
  const prompt = `${instruction}\n\nMessage: {{text}}`;
  const scene = await openScene(rows(rowCount), { models: { "nova-micro": { accuracy: 1 } }, seed: 7 });
  try {
    const input = { first: scene.table, prompt, model: "nova-micro" };
    const single = await runToEnd(scene.session, input, { maxTokens: 40 });
    const packed = await runToEnd(scene.session, input, { maxTokens: 40, pack: 25, fullRefresh: true });
    const each = ({ usage }) =>
      `${(usage.inputTokens / rowCount).toFixed(0)} in, ${(usage.outputTokens / rowCount).toFixed(0)} out`;
    const total = ({ usage }) => usage.inputTokens + usage.outputTokens;
    const ratio = total(packed.summary) / total(single.summary);
    judge.say(
      "at 25 rows in a request the service counts at most half of the tokens",
      ratio <= 0.5,
      `${(100 * ratio).toFixed(1)} %: a row alone ${each(single.summary)}, packed ${each(packed.summary)}; $${single.summary.paidUsd.toFixed(4)} and $${packed.summary.paidUsd.toFixed(4)}`,
    );
  } finally {
    await scene.close();
  }
  const timed = await openScene(rows(timedRows), { models: {}, seed: 7 });
  try {
    const times = { single: [], packed: [] };
    for (let turn = 0; turn < 3; turn += 1) {
      for (const name of Object.keys(times)) {
        const request = await readRequest(
          { first: timed.table, prompt, model: "nova-micro" },
          options({ maxTokens: 40, ...(name === "packed" ? { pack: 25 } : {}) }),
        );
        // Time of the processor: others may be at work on the same machine.
        const before = process.cpuUsage();
        await planRun(timed.session, request);
        const { user, system } = process.cpuUsage(before);
        times[name].push((user + system) / 1000);
      }
    }
    const [single, packed] = Object.values(times).map((each) => Math.min(...each));
    judge.say(
      `preparing ${timedRows.toLocaleString("en-US")} packed rows takes at most 10 % more time`,
      packed <= 1.1 * single,
      `${(single / 1000).toFixed(2)} s of the processor alone, ${(packed / 1000).toFixed(2)} s packed`,
    );
  } finally {
    await timed.close();
  }
}

/** Canaries of packs of which some rows have each other's answers, and of sound ones. */
export async function proveCanaries(judge, count, exchange) {
  const prompt = `${makeWords(120, 5)}\n\nMessage: {{text}}`;
  let alone = 0;
  const sizes = {};
  for (let seed = 1; seed <= count; seed += 1) {
    const scene = await openScene(unlike(1000), {
      models: { "nova-micro": { accuracy: 1 } },
      packed: { exchange },
      seed,
    });
    try {
      const input = { first: scene.table, prompt, model: "nova-micro" };
      const request = await readRequest(input, options({ pack: "auto", canary: { count: 300, seed }, maxTokens: 12 }));
      const { runId } = await beginRun(scene.session, request);
      const { finished } = await driveRun(scene.session, runId, "once").then(async (worked) =>
        worked.finished === undefined ? driveRun(scene.session, runId, "follow") : worked,
      );
      const rows = finished.plan.pack.rowsPerRequest;
      sizes[rows] = (sizes[rows] ?? 0) + 1;
      if (rows === 1) alone += 1;
    } finally {
      await scene.close();
    }
  }
  const spread = Object.entries(sizes)
    .map(([rows, times]) => `${times} with ${rows}`)
    .join(", ");
  if (exchange > 0)
    judge.say(
      `of ${count} canaries with ${100 * exchange} % exchanged contents at least 95 % leave rows alone`,
      alone >= 0.95 * count,
      spread,
    );
  else judge.say(`of ${count} canaries without a fault at least 95 % pack`, alone <= 0.05 * count, spread);
}
