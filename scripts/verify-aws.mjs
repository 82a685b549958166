// The smallest real run: 100 short records on the cheapest batch model. Says the price and asks first; writes what it saw,
// dated, to docs/verified.md (or to the file that is named). Needs credentials, and HALFPRICE_BUCKET and HALFPRICE_ROLE_ARN (or a halfprice.config.json).
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../build/config/read-config.js";
import { parseRunOptions } from "../build/foundation/options/run-options.js";
import { listModels } from "../build/models/list-models.js";
import { checkRunPlan } from "../build/run/plan/check-run-plan.js";
import { dropDraft, planRun } from "../build/run/plan/plan-run.js";
import { readRequest } from "../build/run/plan/read-request.js";
import { checkPlace } from "../build/run/start-and-resume/check-place.js";
import { driveRun } from "../build/run/start-and-resume/drive-run.js";
import { startRun } from "../build/run/start-and-resume/start-run.js";
import { makeSession } from "../build/workspace/session.js";

const rowCount = 100;

function findCheapest(region) {
  const priced = listModels({ region, nowMs: Date.now() })
    .filter(
      (model) =>
        model.isHere === true &&
        model.prices?.batch !== undefined &&
        !model.prices.isBatchAtMost &&
        !/embed/.test(model.id),
    )
    .map((model) => ({ model, usd: model.prices.batch.inputUsd * 20 + model.prices.batch.outputUsd * 10 }));
  return priced.sort((a, b) => a.usd - b.usd)[0]?.model;
}

/** An output line with its texts taken out: its shape is what is verified. */
function shapeOf(value) {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null || typeof value !== "object") return typeof value === "string" ? "…" : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const config = await readConfig({}, process.env, process.cwd());
const states = new Map();
const startedMs = Date.now();
const session = makeSession(config, {
  onStep: (step) => console.error(`… ${step}`),
  onProgress: ({ shards }) => {
    const status = shards[0]?.attempt?.status;
    if (status === undefined || states.has(status)) return;
    states.set(status, Date.now() - startedMs);
    console.error(`${status} after ${Math.round((Date.now() - startedMs) / 1000)} s`);
  },
});
const region = config.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
const cheapest = findCheapest(region);
if (cheapest === undefined) throw new Error(`no batch model with a known price in ${region}; set AWS_REGION`);

const folder = mkdtempSync(join(tmpdir(), "halfprice-verify-"));
const table = join(folder, "numbers.csv");
writeFileSync(table, `n\n${Array.from({ length: rowCount }, (_, index) => index + 1).join("\n")}\n`);
const options = parseRunOptions({ maxTokens: "16" }, "npm run verify:aws");
const request = await readRequest(
  {
    first: table,
    prompt: "Write the number {{n}} as an English word.",
    model: cheapest.alias,
    name: "halfprice-verify",
  },
  options,
);
const planned = await planRun(session, request);
const { plan, identity, run } = planned;
try {
  checkRunPlan(planned, request);
  const checks = await checkPlace(session, identity);
  for (const { subject, status, finding } of checks) console.error(`${status}  ${subject}: ${finding}`);
  const price = plan.costUsd === undefined ? "an unknown price" : `at most $${plan.costUsd.high.toFixed(4)}`;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(
    `Run ${rowCount} records on ${plan.model.label} in account ${identity.accountId}, ${identity.region}, for ${price}? [y/N] `,
  );
  reader.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error("not confirmed; nothing was sent");
} catch (error) {
  dropDraft(planned);
  throw error;
}
await startRun(session, planned, undefined);
const { finished } = await driveRun(session, run.id, "follow");
const { summary, shards, paths } = finished;
const attempt = shards[0]?.attempt;
const output = join(paths.directory, "output", attempt?.jobArn?.split("/").at(-1) ?? "");
const files = existsSync(output) ? readdirSync(output) : [];
const lines = files
  .filter((name) => name.endsWith(".jsonl.out"))
  .flatMap((name) => readFileSync(join(output, name), "utf8").trimEnd().split("\n"));
/** Questions that no document answers, and what this run has to say to each. */
function findSettled() {
  const first = lines[0] === undefined ? {} : JSON.parse(lines[0]);
  const manifest = attempt?.manifest === undefined ? {} : JSON.parse(attempt.manifest);
  const ids = lines.map((line) => JSON.parse(line).recordId);
  const sent = readFileSync(join(paths.directory, "input", "records.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).recordId);
  const thoughts = JSON.stringify(first.modelOutput ?? {}).match(/reasoning|thinking/g)?.length ?? 0;
  return [
    ["does a job with this role's policy (the right to list without a prefix) end well", attempt?.status ?? "no job"],
    ["is a model that AWS's table lists taken through this profile", plan.model.invokeId],
    ["members of an output line", Object.keys(first).join(", ") || "none"],
    ["members of a manifest", Object.keys(manifest).join(", ") || "none"],
    ["is the output in the order of the input", ids.join() === sent.join() ? "yes" : "no"],
    ["are the job's counts reported by Get", attempt?.counts === undefined ? "no" : JSON.stringify(attempt.counts)],
    ["does a job that ended well have a message", attempt?.message ?? "no"],
    [
      "how far are estimated input tokens from the reported ones",
      (summary.usage.inputTokens / plan.inputTokens.expected).toFixed(2),
    ],
    ["does the answer have a place for reasoning", thoughts === 0 ? "no" : "yes"],
    [
      "what the run cost, to compare with the bill after a day",
      summary.paidUsd === undefined
        ? "not known"
        : `$${summary.paidUsd.toFixed(6)}, prices of ${plan.model.prices?.asOf} (${plan.model.prices?.source})`,
    ],
  ];
}

const page = process.argv[2] ?? fileURLToPath(new URL("../docs/verified.md", import.meta.url));
const before = existsSync(page)
  ? readFileSync(page, "utf8")
  : "# Seen on AWS\n\nWhat `npm run verify:aws` saw, newest last.\n";
const kind = identity.isLocal ? "**on the local service, not on AWS**" : "on AWS";
writeFileSync(
  page,
  `${before}
## ${new Date().toISOString().slice(0, 10)}, ${plan.model.label}, ${identity.region}, ${kind}

- ${rowCount} records as \`${plan.model.invokeId}\`; the job ended ${attempt?.status}${attempt?.message === undefined ? "" : `: ${attempt.message}`}
- states seen, seconds after the start: ${[...states].map(([state, ms]) => `${state} ${Math.round(ms / 1000)}`).join(", ")}
- outcomes: ${JSON.stringify(summary.outcomeCounts)}
- tokens: ${summary.usage.inputTokens} in, ${summary.usage.outputTokens} out; estimated ${plan.inputTokens.low} to ${plan.inputTokens.high} in
- cost from usage: ${summary.paidUsd === undefined ? "price not known" : `$${summary.paidUsd.toFixed(6)}`}
- files: ${files.join(", ")}
- manifest: \`${attempt?.manifest?.trim()}\`
- what did not agree: ${summary.discrepancies.length === 0 ? "nothing" : summary.discrepancies.join("; ")}
- shape of an output line: \`${lines[0] === undefined ? "none" : JSON.stringify(shapeOf(JSON.parse(lines[0])))}\`
- order of the output: ${lines
    .slice(0, 5)
    .map((line) => JSON.parse(line).recordId?.slice(0, 6))
    .join(", ")} …

What this settles:

${findSettled()
  .map(([question, answer]) => `- ${question}: ${answer}`)
  .join("\n")}

What it does not settle, and how each would be: docs/sources-2026-11.md, "Unconfirmed".
`,
);
console.error(`written to ${page}; ${summary.outcomeCounts.answered} of ${rowCount} answered`);
