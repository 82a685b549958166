import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Estimate, Origin, RunSummary } from "../foundation/types/index.ts";
import { type AwaitedRound, recordAwaits } from "./look-at-runs.ts";
import { change, type Ledger } from "./open-ledger.ts";
import { type NewShard, recordShards } from "./shards.ts";

/** The states of a run; migrations.ts says what each means. */
export type RunState = "prepared" | "running" | "collected" | "done" | "stopped";

/** A run as the ledger has it. */
export interface RunRow {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly fingerprint: string;
  readonly origin: Origin;
  readonly modelLabel: string;
  readonly rowCount: number;
  readonly recordCount: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly outputPath: string | undefined;
  /** What the plan said it would cost; undefined where the price is not known, and for runs of before version 2. */
  readonly estimateUsd: Estimate | undefined;
  readonly summary: RunSummary | undefined;
  /** The number of parts, for a run in parts: each is a run of its own, and it has no shards itself. */
  readonly partCount?: number;
  /** The run that this one does a part of, and which, from 1. */
  readonly partOf?: string;
  readonly part?: number;
}

const columns = `id, name, state, fingerprint, origin_kind, account_id, region, model_label, row_count, record_count,
  created_at, updated_at, output_path, estimate_low_usd, estimate_usd, estimate_high_usd, summary, part_count, part_of, part`;

const insertRun = `INSERT INTO runs (id, name, state, fingerprint, origin_kind, account_id, region, model_label, row_count,
  record_count, created_at, updated_at, output_path, estimate_low_usd, estimate_usd, estimate_high_usd, part_count, part_of, part)
  VALUES (?, ?, 'prepared', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const updateState = `UPDATE runs SET state = ?, updated_at = ?, summary = coalesce(?, summary) WHERE id = ?`;
const updateOutput = `UPDATE runs SET output_path = ?, updated_at = ? WHERE id = ?`;
const selectRound = `SELECT coalesce(max(round), 0) AS round FROM shards WHERE run_id = ?`;
const closeUnsent = `UPDATE shards SET closed = 'resent' WHERE run_id = ? AND state <> 'collected'`;
const selectAll = `SELECT ${columns} FROM runs WHERE part_of IS NULL ORDER BY created_at DESC, id DESC`;
const selectOne = `SELECT ${columns} FROM runs WHERE id = ?`;
const selectUnfinished = `SELECT ${columns} FROM runs WHERE fingerprint = ? AND part_of IS NULL AND state IN ('prepared', 'running', 'collected')
  ORDER BY created_at DESC LIMIT 1`;

const selectDone = `SELECT ${columns} FROM runs WHERE fingerprint = ? AND part_of IS NULL AND state = 'done' ORDER BY created_at DESC LIMIT 1`;

/** A run as it is written into the ledger for the first time. */
export interface NewRun extends Omit<RunRow, "state" | "summary" | "updatedAt"> {
  readonly shards: readonly NewShard[];
  /** The rounds of other runs that have some of its records in flight. @defaultValue none */
  readonly awaits?: readonly AwaitedRound[];
}

/** A round of records that are sent again. */
export interface NewRound {
  readonly runId: string;
  /** All of the same round, the run's next; none where the round only takes answers from other runs. */
  readonly shards: readonly NewShard[];
  readonly awaits: readonly AwaitedRound[];
}

/**
 * Writes a run and its shards down, before anything is sent for it: from here on its records are claimed.
 * @param guard looks once more, while nobody else can write: what it returns stands against the run, which is not written then;
 * what it throws leaves the ledger as it was
 * @returns what stood against it; undefined where the run was written
 */
export async function recordRun<Bar>(
  ledger: Ledger,
  run: NewRun,
  guard: () => Bar | undefined,
): Promise<Bar | undefined> {
  return change(ledger, "run", () => {
    const bar = guard();
    if (bar !== undefined) return bar;
    const { kind, accountId, region } = run.origin;
    const counts = [
      run.modelLabel,
      run.rowCount,
      run.recordCount,
      run.createdAt,
      run.createdAt,
      run.outputPath ?? null,
      run.estimateUsd?.low ?? null,
      run.estimateUsd?.expected ?? null,
      run.estimateUsd?.high ?? null,
      run.partCount ?? null,
      run.partOf ?? null,
      run.part ?? null,
    ];
    ledger.prepare(insertRun).run(run.id, run.name, run.fingerprint, kind, accountId, region, ...counts);
    recordShards(ledger, run.id, run.shards);
    recordAwaits(ledger, run.id, run.awaits ?? []);
    return undefined;
  });
}

/**
 * Adds a round of shards to a run that has ended: it runs again. What of earlier rounds was never sent goes with it: its shards are
 * closed.
 * @param guard as with `recordRun`
 * @returns what stood against it; undefined where the round was written
 * @throws RUN_UNFINISHED where the round is not the run's next
 */
export async function recordRound<Bar>(
  ledger: Ledger,
  { runId, shards, awaits }: NewRound,
  at: number,
  guard: () => Bar | undefined,
): Promise<Bar | undefined> {
  return change(ledger, "round", () => {
    const bar = guard();
    if (bar !== undefined) return bar;
    const { round } = ledger.prepare(selectRound).get(runId) as { round: number };
    if (shards.some((shard) => shard.round !== round + 1)) {
      throw new HalfpriceError("RUN_UNFINISHED", { runId, state: "running" });
    }
    ledger.prepare(closeUnsent).run(runId);
    recordShards(ledger, runId, shards);
    recordAwaits(ledger, runId, awaits);
    ledger.prepare(updateState).run("running", at, null, runId);
    return undefined;
  });
}

/** Moves a run on; the summary comes with `done` and `stopped`. */
export async function recordRunState(
  ledger: Ledger,
  id: string,
  state: RunState,
  at: number,
  summary?: RunSummary,
): Promise<void> {
  const text = summary === undefined ? null : JSON.stringify(summary);
  await change(ledger, `run ${state}`, () => ledger.prepare(updateState).run(state, at, text, id));
}

/**
 * Where the table goes: the same run may be resumed with another `-o`.
 * @param guard looks once more, while nobody else can write; where it says no, the place stays as it was
 */
export async function recordOutputPath(
  ledger: Ledger,
  id: string,
  path: string | undefined,
  at: number,
  guard: () => boolean = () => true,
): Promise<void> {
  await change(ledger, "output path", () => {
    if (guard()) ledger.prepare(updateOutput).run(path ?? null, at, id);
  });
}

/** All runs, the newest first; those that do a part of another are not among them. */
export function readRuns(ledger: Ledger): RunRow[] {
  return ledger.prepare(selectAll).all().map(parseRun);
}

/** The ids of all runs. */
export function readRunIds(ledger: Pick<Ledger, "prepare">): string[] {
  return ledger
    .prepare("SELECT id FROM runs ORDER BY id")
    .all()
    .map((row) => String((row as { id: string }).id));
}

/** The run of an id; undefined where the ledger has none. */
export function findRun(ledger: Ledger, id: string): RunRow | undefined {
  const row = ledger.prepare(selectOne).get(id);
  return row === undefined ? undefined : parseRun(row);
}

/** The latest run of the same input, prompt, model and origin that is done, or undefined. */
export function findDoneRun(ledger: Ledger, fingerprint: string): RunRow | undefined {
  const row = ledger.prepare(selectDone).get(fingerprint);
  return row === undefined ? undefined : parseRun(row);
}

/** The run of the same input, prompt, model and origin that is not finished, or undefined. */
export function findUnfinishedRun(ledger: Ledger, fingerprint: string): RunRow | undefined {
  const row = ledger.prepare(selectUnfinished).get(fingerprint);
  return row === undefined ? undefined : parseRun(row);
}

/** A row of the table of runs. */
export function parseRun(row: unknown): RunRow {
  const cells = row as Record<string, string | number | null>;
  const text = (name: string): string => String(cells[name]);
  const summary = cells["summary"];
  const low = cells["estimate_low_usd"];
  return {
    id: text("id"),
    name: text("name"),
    state: text("state") as RunState,
    fingerprint: text("fingerprint"),
    origin: { kind: text("origin_kind") as Origin["kind"], accountId: text("account_id"), region: text("region") },
    modelLabel: text("model_label"),
    rowCount: Number(cells["row_count"]),
    recordCount: Number(cells["record_count"]),
    createdAt: Number(cells["created_at"]),
    updatedAt: Number(cells["updated_at"]),
    outputPath: cells["output_path"] === null ? undefined : text("output_path"),
    estimateUsd:
      low === null || low === undefined
        ? undefined
        : {
            low: Number(low),
            expected: Number(cells["estimate_usd"]),
            high: Number(cells["estimate_high_usd"]),
          },
    summary: summary === null || summary === undefined ? undefined : (JSON.parse(String(summary)) as RunSummary),
    ...named("partCount", cells["part_count"]),
    ...(typeof cells["part_of"] === "string" ? { partOf: cells["part_of"] } : {}),
    ...named("part", cells["part"]),
  };
}

const named = <Name extends string>(
  name: Name,
  cell: string | number | null | undefined,
): Partial<Record<Name, number>> =>
  cell === null || cell === undefined ? {} : ({ [name]: Number(cell) } as Partial<Record<Name, number>>);
