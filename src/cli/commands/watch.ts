import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type AskedJobs, askJobs, hasOpenJobs } from "../../run/clients/ask-jobs.ts";
import { readRunLoad } from "../../run/clients/read-load.ts";
import { viewJobs } from "../../run/start-and-resume/job-view.ts";
import type { Session } from "../../workspace/session.ts";
import { listRuns, type ShownRun, showRun } from "../../workspace/show-run.ts";
import { isReachable, withAsked } from "../ask-shown.ts";
import { showProgress, toRunProgress } from "../display/progress.ts";
import { inSession, printJson, readCommandConfig } from "../open-session.ts";
import { addCommonOptions, type CommonFlags } from "../options.ts";
import { printShown } from "../print-run.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

/** How often the ledger is looked at, and how often the service is asked. */
const ledgerEveryMs = 1000;
const askEveryMs = { aws: 30_000, local: 1000 } as const;
/** Looks at a run whose jobs have all ended, before nobody is taken to collect it. */
const patience = 10;
/** States in which the service does no more for a job. */
const endStates = /^(Completed|PartiallyCompleted|Failed|Stopped|Expired)$/;

export function define(command: Command): void {
  command.argument("[run]", "a run's id, the start of one, or its name (default: the latest that is under way)");
  addCommonOptions(command);
  command.addHelpText("after", "\nExample:\n  halfprice watch\n  halfprice watch reviews --json");
  command.action(async (wanted: string | undefined, flags: CommonFlags) => {
    const config = await readCommandConfig(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const id = wanted ?? (await findLatest({ config }));
    const shown = await showRun({ config }, id);
    const look = (): Promise<ShownRun> => showRun({ config }, shown.row.id);
    if (flags.json === true) return withSession(shown, flags, (session) => printSnapshot(terminal, shown, session));
    await withSession(shown, flags, (session) => follow(terminal, look, session));
    const ended = await look();
    if (ended.row.summary !== undefined) printShown(terminal, ended, "");
  });
}

/** The latest run that is under way, else the latest of all. @throws UNKNOWN_RUN */
async function findLatest(session: Pick<Session, "config">): Promise<string> {
  const runs = await listRuns(session);
  const found =
    runs.find(({ state }) => state === "running" || state === "prepared" || state === "collected") ?? runs[0];
  if (found === undefined)
    throw new HalfpriceError("UNKNOWN_RUN", { run: "to watch", workspace: session.config.workspace });
  return found.id;
}

/** Opens the service of the run where it can be asked; else the ledger has to do. */
async function withSession(
  shown: ShownRun,
  flags: CommonFlags,
  work: (session: Session | undefined) => Promise<void>,
): Promise<void> {
  if (!hasOpenJobs(shown.shards) || !isReachable(shown, flags)) return work(undefined);
  await inSession({ region: shown.row.origin.region, ...flags }, ({ session }) => work(session));
}

const isOver = ({ row }: ShownRun): boolean =>
  row.state === "done" || (row.state === "stopped" && row.summary !== undefined);

/** Shows what happens until the run is over, or nothing more happens by itself. */
async function follow(terminal: Terminal, look: () => Promise<ShownRun>, session: Session | undefined): Promise<void> {
  const progress = showProgress(terminal, Date.now);
  let asked: AskedJobs | undefined;
  let askedMs = -Infinity;
  let load;
  let idleCount = 0;
  for (;;) {
    const shown = await look();
    if (isOver(shown)) break;
    if (
      session !== undefined &&
      hasOpenJobs(shown.shards) &&
      Date.now() - askedMs >= askEveryMs[shown.row.origin.kind]
    ) {
      asked = await askJobs(session, shown.row, shown.shards);
      load = await readRunLoad(session, shown.run);
      askedMs = Date.now();
    }
    progress.onProgress({ ...toProgress(shown, asked), ...(load === undefined ? {} : { load }) });
    const shards = asked === undefined ? shown.shards : withAsked(shown.shards, asked);
    idleCount = shards.every(({ attempt }) => endStates.test(attempt?.status ?? "")) ? idleCount + 1 : 0;
    if (idleCount > patience) {
      progress.end();
      terminal.note(`All jobs have ended, and nobody collects their answers: halfprice collect ${shown.row.id}`);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, ledgerEveryMs));
  }
  progress.end();
}

function toProgress(
  { plan, shards }: ShownRun,
  asked: AskedJobs | undefined,
): Parameters<ReturnType<typeof showProgress>["onProgress"]>[0] {
  const { inputTokens, costUsd } = plan;
  return {
    shards: asked === undefined ? shards : withAsked(shards, asked),
    expectedInputTokens: inputTokens.expected,
    ...(costUsd === undefined ? {} : { expectedCostUsd: costUsd.expected }),
  };
}

/** How far it is now, as one document. */
async function printSnapshot(terminal: Terminal, shown: ShownRun, session: Session | undefined): Promise<void> {
  const asked = session === undefined ? undefined : await askJobs(session, shown.row, shown.shards);
  const progress = toProgress(shown, asked);
  const { elapsedMs, leftMs, expectedCostUsd } = toRunProgress(progress, [], Date.now(), Date.now());
  const { jobs } = viewJobs(progress);
  const sum = (count: (job: (typeof jobs)[number]) => number): number =>
    jobs.reduce((total, job) => total + count(job), 0);
  printJson(terminal, {
    runId: shown.row.id,
    name: shown.row.name,
    state: shown.row.state,
    records: { done: sum(({ doneCount }) => doneCount ?? 0), total: sum(({ recordCount }) => recordCount) },
    expectedCostUsd: expectedCostUsd ?? null,
    elapsedMs: shown.row.summary?.durationMs ?? elapsedMs,
    leftMs: isOver(shown) ? 0 : (leftMs ?? null),
    jobs: jobs.map(({ index, lane, state, arn, recordCount, doneCount }) => ({
      index,
      lane,
      state,
      arn: arn ?? null,
      recordCount,
      doneCount: doneCount ?? null,
    })),
  });
}
