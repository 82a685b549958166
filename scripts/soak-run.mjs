// One process of the soak: takes a run up from wherever it is, like the command, and ends itself with SIGKILL at the n-th
// announced point where one is given. Prints what the run came to.
import { join } from "node:path";
import { listRuns, makeSession, parseRunOptions, planRun, readRequest, startRun, workRun } from "../dist/index.js";
import { watchPoints } from "../dist/reach-point.js";

const { folder, url, region, bucket, roleArn, killAt } = JSON.parse(process.argv[2]);
const dummyCredentials = { accessKeyId: "local", secretAccessKey: "local" };
const session = makeSession(
  { workspace: join(folder, ".halfprice"), region, endpointUrl: url, prefix: "soak/", bucket, roleArn },
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
  const { finished } = await workRun(session, id, "follow");
  return { id, results: finished.paths.results, summary: finished.summary };
}

process.stdout.write(`${JSON.stringify({ ...(await watchPoints(watch, work)), reached })}\n`);
