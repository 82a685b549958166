import { existsSync } from "node:fs";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { RunBatchOptions, SessionOptions } from "../library/batch-options.ts";
import type { BatchRun } from "../library/batch-run/batch-run.ts";
import { listRuns, openRun } from "../library/open-run.ts";
import { collectRun, stopRun, submitBatch } from "../library/run-batch.ts";
import { checkedBodies, defineBatch, ownLines } from "../prompt/define-batch.ts";
import { BatchAnswers } from "./batch-answers.ts";
import { findBatch, groupFile, listBatchIds, recordCancel, writeBatch } from "./client-batch.ts";
import { countEnds } from "./count-ends.ts";
import { LateWork } from "./late-work.ts";
import { groupColumns } from "./request-block.ts";
import type { BatchGroup, ClientBatch, EndCounts, RequestError } from "./types.ts";

/** How the runs of a client's batches are begun. */
export type ClientRunOptions = Pick<
  RunBatchOptions,
  "maxCostUsd" | "maxCostTotalUsd" | "timeoutHours" | "tags" | "allowGlobal" | "skipChecks" | "price"
>;

/** What the worker of clients' batches works with. */
export interface WorkerOptions {
  /** Where the workspace is, and whom it talks to. */
  readonly session: SessionOptions;
  readonly run: ClientRunOptions;
  /** Is given all answers when a batch ends, and counts them; it has to have put them on disk when it resolves. */
  readonly onEnd?: (batch: ClientBatch, answers: BatchAnswers) => Promise<EndCounts>;
  /** The reports of a batch's runs are written so long after its end: whoever waits for the results has them first. @defaultValue with each run */
  readonly reportsAfterMs?: number;
}

/** What passes by itself, or by what somebody does elsewhere: the batch waits for it. */
const passing = new Set([
  ...["UNREACHABLE", "NO_CREDENTIALS", "CREDENTIALS_REFUSED", "LOCAL_DATA_BUSY", "RUN_BUSY", "DISK", "LEDGER_BUSY"],
]);

function isPassing(error: unknown): boolean {
  if (!(error instanceof HalfpriceError)) return true;
  if (!isError(error, "SERVICE_REFUSED")) return passing.has(error.code);
  const { status } = error.details;
  return status === 429 || status === 408 || status >= 500;
}

/** One piece of work on a batch at a time, whoever of this process asks for it; by workspace and id. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Moves the batches of clients on. A group becomes a run under the batch's name, so that after a crash the run is found under it and not
 * begun again: nothing is paid twice. Every method may be called again at any time, by several processes.
 */
export class BatchWorker {
  readonly workspace: string;
  readonly #options: WorkerOptions;
  readonly #jobs = new Map<string, BatchRun["jobs"]>();
  readonly #reports = new LateWork<string>((id) => this.#writeReports(id));

  constructor(workspace: string, options: WorkerOptions) {
    this.workspace = workspace;
    this.#options = options;
  }

  /** Begins the runs of a batch. @returns the batch, and what the first of its groups failed with that no run could begin for */
  begin(id: string): Promise<{ readonly batch: ClientBatch; readonly error: unknown }> {
    return this.#inTurn(id, () => this.#begin(id));
  }

  /** One pass over a batch: begins what has not begun, collects what has ended, and ends the batch where nothing is left. */
  advance(id: string): Promise<ClientBatch> {
    return this.#inTurn(id, async () => {
      const before = this.#get(id);
      if (before.endedAt !== undefined) return before;
      if (before.cancelledAt === undefined) await this.#begin(id);
      for (const group of this.#get(id).groups) await this.#collect(id, group);
      const batch = this.#get(id);
      const isOpen = ({ runId, hasEnded, error }: BatchGroup): boolean =>
        error === undefined && hasEnded !== true && (runId !== undefined || batch.cancelledAt === undefined);
      return batch.groups.some(isOpen) ? batch : this.#end(batch);
    });
  }

  /** Asks for the end of a batch; what was answered until then stays. Its jobs take a while to stop: `advance` sees to the rest. */
  async cancel(id: string, nowMs: number): Promise<ClientBatch> {
    await recordCancel(this.workspace, id, nowMs);
    return this.advance(id);
  }

  /** Takes up the reports that another process had no time for. */
  resumeReports(): void {
    for (const id of listBatchIds(this.workspace))
      if (findBatch(this.workspace, id)?.awaitsReports === true)
        this.#reports.add(id, this.#options.reportsAfterMs ?? 0);
  }

  /** Writes the reports that wait. */
  settle(): Promise<void> {
    return this.#reports.finish();
  }

  /** The jobs of a batch's runs, as they were when they were last looked at here; read where that never was. */
  async readJobs({ groups }: ClientBatch): Promise<BatchRun["jobs"]> {
    const ids = groups.flatMap(({ runId }) => runId ?? []);
    const read = async (id: string): Promise<BatchRun["jobs"]> =>
      this.#jobs.get(id) ?? (await openRun(id, this.#options.session)).jobs;
    return (await Promise.all(ids.map(read))).flat();
  }

  /** The runs of a batch that have begun. */
  async readRuns(batch: ClientBatch): Promise<BatchRun[]> {
    const ids = batch.groups.flatMap(({ runId }) => runId ?? []);
    return Promise.all(ids.map((runId) => openRun(runId, this.#options.session)));
  }

  #inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const key = `${this.workspace}\n${id}`;
    const before = turns.get(key) ?? Promise.resolve();
    const next = before.then(work, work);
    const kept = next.catch(() => undefined);
    turns.set(key, kept);
    void kept.then(() => turns.get(key) === kept && turns.delete(key));
    return next;
  }

  #get(id: string): ClientBatch {
    const batch = findBatch(this.workspace, id);
    if (batch === undefined) throw new Error(`there is no batch ${id}`);
    return batch;
  }

  async #begin(id: string): Promise<{ batch: ClientBatch; error: unknown }> {
    let failure: unknown;
    for (const { index } of this.#get(id).groups) {
      const group = this.#get(id).groups[index];
      if (group === undefined || group.runId !== undefined || group.error !== undefined) continue;
      try {
        const runId = (await this.#findBegun(id, group)) ?? (await this.#submit(id, group));
        await this.#change(id, index, { runId });
      } catch (error) {
        failure ??= error;
        if (isPassing(error)) await this.#note(id, error);
        else await this.#change(id, index, { error: toError(error) });
      }
    }
    return { batch: this.#get(id), error: failure };
  }

  /** A run that was begun before the process that began it could say so. */
  async #findBegun(id: string, group: BatchGroup): Promise<string | undefined> {
    const runs = await listRuns(this.#options.session);
    return runs.find(({ name }) => name === nameOf(id, group))?.id;
  }

  async #submit(id: string, group: BatchGroup): Promise<string> {
    const { session, run: options } = this.#options;
    const batch = defineBatch({
      input: ownLines(groupFile(this.workspace, id, group), groupColumns),
      ...{ name: nameOf(id, group), model: group.model, invocation: group.invocation },
      prompt: checkedBodies("modelInput", group.checked),
    });
    try {
      // A client that sends a request again wants another answer.
      const run = await submitBatch(batch, {
        ...session,
        ...options,
        ...(group.isOnDemand ? { route: "on-demand" } : {}),
        belowMinimum: "on-demand",
        fullRefresh: true,
        report: this.#options.reportsAfterMs === undefined,
      });
      return run.id;
    } catch (error) {
      // It may have begun all the same: what is under way is paid, and its answers are collected.
      const begun = await this.#findBegun(id, group);
      if (begun === undefined || isPassing(error)) throw error;
      const { jobs } = await openRun(begun, session);
      if (jobs.some(({ arn }) => arn !== undefined)) return begun;
      await stopRun(begun, session);
      throw error;
    }
  }

  async #collect(id: string, { index, runId, hasEnded }: BatchGroup): Promise<void> {
    if (runId === undefined || hasEnded === true) return;
    const { session } = this.#options;
    try {
      const before = await openRun(runId, session);
      const isCancelled = this.#get(id).cancelledAt !== undefined;
      const isOver = before.state === "done" || before.state === "stopped";
      const run =
        isCancelled && !isOver
          ? await stopRun(runId, session)
          : isOver && existsSync(before.files.results)
            ? before
            : await collectRun(runId, session);
      this.#jobs.set(runId, run.jobs);
      const ended = (run.state === "done" || run.state === "stopped") && existsSync(run.files.results);
      if (ended) await this.#change(id, index, { hasEnded: true });
    } catch (error) {
      const isLost = error instanceof HalfpriceError && /^(RUN_CLEANED|RUN_DAMAGED|UNKNOWN_RUN)$/.test(error.code);
      // Whatever else it is: the jobs are paid, and somebody may set it right.
      if (isLost) await this.#change(id, index, { error: toError(error) });
      else await this.#note(id, error);
    }
  }

  async #end(batch: ClientBatch): Promise<ClientBatch> {
    const { session, onEnd } = this.#options;
    const answers = new BatchAnswers(this.workspace, session, batch);
    const counts = onEnd === undefined ? await countEnds(answers.lines()) : await onEnd(batch, answers);
    const { reportsAfterMs } = this.#options;
    const ended = {
      ...{ ...this.#get(batch.id), endedAt: Date.now(), counts },
      ...(reportsAfterMs === undefined ? {} : { awaitsReports: true as const }),
    };
    await writeBatch(this.workspace, ended);
    for (const { runId } of ended.groups) if (runId !== undefined) this.#jobs.delete(runId);
    if (reportsAfterMs !== undefined) this.#reports.add(ended.id, reportsAfterMs);
    return ended;
  }

  /** One that cannot be written can be made later, with `halfprice report`. */
  async #writeReports(id: string): Promise<void> {
    for (const { runId } of findBatch(this.workspace, id)?.groups ?? []) {
      if (runId === undefined) continue;
      const run = await openRun(runId, this.#options.session).catch(() => undefined);
      await run?.writeReport().catch(() => undefined);
    }
    // The batch may have been removed meanwhile.
    const batch = findBatch(this.workspace, id);
    if (batch === undefined) return;
    const { awaitsReports: _, ...reported } = batch;
    await writeBatch(this.workspace, reported).catch(() => undefined);
  }

  async #change(id: string, index: number, change: Partial<BatchGroup>): Promise<void> {
    const { trouble: _, ...batch } = this.#get(id);
    const groups = batch.groups.map((group) => (group.index === index ? { ...group, ...change } : group));
    await writeBatch(this.workspace, { ...batch, groups });
  }

  async #note(id: string, error: unknown): Promise<void> {
    const batch = this.#get(id);
    const trouble = error instanceof Error ? error.message : String(error);
    if (batch.trouble !== trouble) await writeBatch(this.workspace, { ...batch, trouble });
  }
}

const nameOf = (id: string, { index }: BatchGroup): string => `${id}-${index}`;

function toError(error: unknown): RequestError {
  if (!(error instanceof HalfpriceError)) return { message: String(error) };
  return { message: `${error.message} ${error.fix}`, code: error.code };
}
