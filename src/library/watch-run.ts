import type { Session } from "../workspace/session.ts";
import { type ShownRun, showRun } from "../workspace/show-run.ts";
import type { SessionOptions } from "./batch-options.ts";
import { BatchRun } from "./batch-run/batch-run.ts";
import { inLibrarySession, inWorkspace, sleepUnlessAborted } from "./library-session.ts";
import { refuseUnknownOptions } from "./option-names.ts";
import { makeJobsEvents } from "./progress-events.ts";
import { type Asked, askService, mayBeAsked, toProgress, withAsked } from "./show-run.ts";

/** How often the ledger is looked at, and how often the service is asked. */
const ledgerEveryMs = 1000;
const askEveryMs = { aws: 30_000, local: 1000 } as const;
/** Looks at a run whose jobs have all ended, before nobody is taken to collect it. */
const patience = 10;
/** States in which the service does no more for a job. */
const endStates = /^(Completed|PartiallyCompleted|Failed|Stopped|Expired)$/;

/**
 * Watches a run that another process works on, until it is over, or its jobs have ended and nobody collects them. Changes nothing.
 * @param wanted the run's id, the start of one, or its name
 * @returns the run as it was last seen: `done` or `stopped` where it is over
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_DAMAGED
 */
export async function watchRun(wanted: string, options: SessionOptions = {}): Promise<BatchRun> {
  refuseUnknownOptions(options, [], "watchRun");
  return inWorkspace(options, async (config) => {
    const first = await showRun({ config }, wanted);
    const look = (): Promise<ShownRun> => showRun({ config }, first.row.id);
    if (mayBeAsked(first, options))
      await inLibrarySession({ region: first.row.origin.region, ...options }, (session) =>
        watch(look, options, session),
      );
    else await watch(look, options, undefined);
    return new BatchRun(options, config, await look());
  });
}

const isOver = ({ row }: ShownRun): boolean =>
  row.state === "done" || (row.state === "stopped" && row.summary !== undefined);

/** Tells what happens until the run is over, or nothing more happens by itself. */
async function watch(
  look: () => Promise<ShownRun>,
  { onProgress = () => undefined, signal }: SessionOptions,
  session: Session | undefined,
): Promise<void> {
  const toJobsEvent = makeJobsEvents(Date.now);
  let said: Asked = {};
  let askedMs = -Infinity;
  let idleCount = 0;
  for (;;) {
    const shown = await look();
    if (isOver(shown)) return;
    if (session !== undefined && Date.now() - askedMs >= askEveryMs[shown.row.origin.kind]) {
      const next = await askService(session, shown);
      if (next.asked !== undefined) askedMs = Date.now();
      said = { ...said, ...next };
    }
    const shards = said.asked === undefined ? shown.shards : withAsked(shown.shards, said.asked);
    onProgress(toJobsEvent(toProgress({ ...shown, shards }, said.load)));
    idleCount = shards.every(({ attempt }) => endStates.test(attempt?.status ?? "")) ? idleCount + 1 : 0;
    if (idleCount > patience) return;
    await sleepUnlessAborted(ledgerEveryMs, signal);
  }
}
