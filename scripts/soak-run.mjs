// One process of the soak: works like the command, and ends itself with SIGKILL at the n-th announced point where one is given. With a
// table of its own it races: it plans, waits as if at its question, starts or joins, and writes its own table. Without one it resumes the
// workspace's only run from wherever it is. Prints what the run came to.
import { join } from "node:path";
import { watchPoints } from "../build/foundation/crash-point.js";
import { parseRunOptions } from "../build/foundation/options/run-options.js";
import { exportRun } from "../build/run/finish/finish-run.js";
import { recordOutput } from "../build/run/plan/check-run-plan.js";
import { dropDraft, planRun } from "../build/run/plan/plan-run.js";
import { readRequest } from "../build/run/plan/read-request.js";
import { driveRun } from "../build/run/start-and-resume/drive-run.js";
import { startRun } from "../build/run/start-and-resume/start-run.js";
import { makeSession } from "../build/workspace/session.js";
import { listRuns } from "../build/workspace/show-run.js";

const { folder, url, region, bucket, roleArn, killAt, table, output, name, canary, waitMs, isShared, machine } =
  JSON.parse(process.argv[2]);
const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
const shared = { bucket, prefix: "workspace/", uri: `s3://${bucket}/workspace` };
const place = isShared ? { workspace: join(folder, machine), shared } : { workspace: join(folder, ".halfprice") };
const session = makeSession(
  { ...place, region, endpointUrl: url, prefix: "soak/", bucket, roleArn },
  { connection: { region, endpointUrl: url, dummyCredentials } },
);

let reached = 0;
function watch(point) {
  if (reached === killAt) {
    process.stdout.write(`${JSON.stringify({ killedAt: point })}\n`);
    process.kill(process.pid, "SIGKILL");
  }
  reached += 1;
}

async function work() {
  let [id] = (await listRuns(session)).map((run) => run.id);
  if (id === undefined) {
    const options = { ...parseRunOptions({}, "soak"), maxAttempts: 2, maxTokens: 60 };
    const input = { first: join(folder, "texts.csv"), prompt: "Repeat: {{text}}", model: "claude-haiku-4.5" };
    const planned = await planRun(session, await readRequest(input, options));
    id = (await startRun(session, planned, join(folder, "out.csv"))).runId;
  }
  const { finished } = await driveRun(session, id, "follow");
  return { id, results: finished.paths.results, summary: finished.summary };
}

async function race() {
  const options = { ...parseRunOptions({ belowMinimum: "on-demand" }, "soak"), maxTokens: 60, canary };
  const input = {
    first: table,
    prompt: "Repeat: {{text}}",
    model: "claude-haiku-4.5",
    ...(name === undefined ? {} : { name }),
  };
  const planned = await planRun(session, await readRequest(input, options));
  let id = planned.unfinished?.id;
  if (id === undefined) {
    await session.sleep(waitMs);
    id = (await startRun(session, planned, output)).runId;
  } else {
    dropDraft(planned);
    await recordOutput(session, id, output);
  }
  const { finished, notRetried } = await driveRun(session, id, "follow");
  if (finished.outputPath !== output) await exportRun(finished.paths, output);
  return { id, outcomes: finished.summary.outcomeCounts, notRetried: notRetried?.message };
}

const done = await watchPoints(watch, table === undefined ? work : race);
process.stdout.write(`${JSON.stringify({ ...done, reached })}\n`);
