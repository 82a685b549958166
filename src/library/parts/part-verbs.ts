import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { Outcome } from "../../foundation/types/index.ts";
import { findRun } from "../../ledger/runs.ts";
import { readShards } from "../../ledger/shards.ts";
import { joinPart as joinOne } from "../../run/parts/join-part.ts";
import { type PartSlice, readPartList } from "../../run/parts/part-list.ts";
import { type PartStep, readPartStates } from "../../run/parts/part-states.ts";
import { preparePart as prepareOne } from "../../run/parts/prepare-part.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import { joinedFile, partFolder, partResults, readJoined } from "../../workspace/part-files.ts";
import { runPaths } from "../../workspace/run-folder.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import { findRunRow } from "../../workspace/show-run.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/** A part of a run, and what is to be done with it. */
export interface RunPart {
  /** From 1. */
  readonly part: number;
  /**
   * What is to be done: `prepare` it; `submit` its jobs and `wait` for them, which whoever drives the run does; `join` it; nothing, where it
   * is `done`.
   */
  readonly step: PartStep;
  /** From 1; each further time sends again what got no good answer. */
  readonly attempt: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Absent where nobody has counted them. */
  readonly rowCount?: number;
  /** Its jobs and how many of them have ended; absent until they are known. */
  readonly jobs?: { readonly count: number; readonly endedCount: number };
  /** Rows by outcome; absent until it is joined. */
  readonly outcomes?: Readonly<Record<Outcome, number>>;
  /** Its file of results, below the workspace; absent until it is joined. */
  readonly results?: string;
}

/** The parts of a run. */
export interface RunParts {
  readonly runId: string;
  readonly name: string;
  readonly state: string;
  /** How many parts are at which step. */
  readonly counts: Readonly<Record<PartStep, number>>;
  readonly parts: readonly RunPart[];
}

/** What is to be done with every part of a run; nobody is asked. @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS where it has none */
export async function describeParts(session: Session, wanted: string): Promise<RunParts> {
  const { workspace } = session.config;
  const row = await findRunRow(session, wanted);
  const count = refuseWhole(row);
  await filesOf(workspace).fetch(`runs/${row.id}/parts.json`);
  await filesOf(workspace).fetch(partFolder(row.id), (path) => path.endsWith(".json"));
  const list = readPartList(runPaths(workspace, row.id), row.id);
  const ledger = await openWorkspace(session.config);
  try {
    const states = readPartStates(ledger, workspace, row.id, count);
    const parts = states.map(({ part, step, attempt, runId }): RunPart => {
      const shards = runId === undefined ? [] : readShards(ledger, runId).filter(({ lane }) => lane === "batch");
      const endedCount = shards.filter(({ state }) => state === "ended" || state === "collected").length;
      const joined = step === "done" ? readJoined(workspace, joinedFile(row.id, part, attempt)) : undefined;
      return {
        ...{ part, step, attempt },
        ...describeSlice(list.parts[part - 1]),
        ...(runId === undefined || findRun(ledger, runId) === undefined
          ? {}
          : { jobs: { count: shards.length, endedCount } }),
        ...(joined === undefined ? {} : { outcomes: joined.summary.outcomeCounts, results: partResults(row.id, part) }),
      };
    });
    return { runId: row.id, name: row.name, state: row.state, counts: countSteps(parts), parts };
  } finally {
    ledger.close();
  }
}

const describeSlice = (slice: PartSlice | undefined): Pick<RunPart, "fileCount" | "sizeBytes" | "rowCount"> => ({
  fileCount: slice?.files.length ?? 0,
  sizeBytes: slice?.sizeBytes ?? 0,
  ...(slice?.rowCount === undefined ? {} : { rowCount: slice.rowCount }),
});

function countSteps(parts: readonly RunPart[]): Record<PartStep, number> {
  const count = (step: PartStep): number => parts.filter((part) => part.step === step).length;
  return {
    prepare: count("prepare"),
    submit: count("submit"),
    wait: count("wait"),
    join: count("join"),
    done: count("done"),
  };
}

/** @returns how many parts a run has @throws BAD_OPTIONS */
function refuseWhole({ id, partCount }: { readonly id: string; readonly partCount?: number }): number {
  if (partCount !== undefined) return partCount;
  const problems = [`the run ${id} is not done in parts; a run is where it is begun with --part-files or --part-bytes`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice parts" });
}

/** What a step of a part came to. */
export interface DonePart {
  readonly runId: string;
  readonly part: number;
  readonly rowCount: number;
  /** Of what was prepared: distinct requests that are sent, and their jobs. */
  readonly recordCount?: number;
  readonly jobCount?: number;
  /** Of what was joined: rows by outcome, and the file of results, below the workspace. */
  readonly outcomes?: Readonly<Record<Outcome, number>>;
  readonly results?: string;
  /** It had been done before, or another process was first: nothing was changed. */
  readonly wasDone: boolean;
}

/** Prepares a part of a run that a person names. @throws UNKNOWN_RUN, AMBIGUOUS_RUN; what preparing a part throws */
export async function prepareNamed(session: Session, wanted: string, part: number): Promise<DonePart> {
  const row = await findRunRow(session, wanted);
  refuseWhole(row);
  const { rowCount, recordCount, jobCount, wasThere } = await prepareOne(session, row.id, part);
  return { runId: row.id, part, rowCount, recordCount, jobCount, wasDone: wasThere };
}

/** Joins a part of a run that a person names. @throws UNKNOWN_RUN, AMBIGUOUS_RUN; what joining a part throws */
export async function joinNamed(session: Session, wanted: string, part: number): Promise<DonePart> {
  const row = await findRunRow(session, wanted);
  refuseWhole(row);
  const { summary, results, wasThere } = await joinOne(session, row.id, part);
  const { rowCount, outcomeCounts: outcomes } = summary;
  return { runId: row.id, part, rowCount, outcomes, ...(rowCount === 0 ? {} : { results }), wasDone: wasThere };
}

/**
 * What is to be done with every part of a run. Asks nobody.
 * @param wanted the run's id, the start of one, or its name
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS where it is not done in parts
 */
export async function parts(wanted: string, options: SessionOptions = {}): Promise<RunParts> {
  refuseUnknownOptions(options, [], "parts");
  return inLibrarySession(options, (session) => describeParts(session, wanted));
}

/**
 * Prepares a part of a run: reads its files, renders their requests, leaves out what is answered, and uploads the lines of its jobs. Sends
 * nothing. It can be done on any machine, twice, at once, and killed: the first to finish has prepared it, and the others change nothing.
 * @param wanted the run's id, the start of one, or its name
 * @param part from 1
 * @throws UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS; NO_SUCH_FILE, SOURCE_CHANGED, BROKEN_TABLE, UNKNOWN_COLUMN, PROMPT_FAILED and their like;
 * TOO_FEW_RECORDS; SERVICE_REFUSED, UNREACHABLE
 */
export async function preparePart(wanted: string, part: number, options: SessionOptions = {}): Promise<DonePart> {
  refuseUnknownOptions(options, [], "preparePart");
  return inLibrarySession(options, (session) => prepareNamed(session, wanted, part));
}

/**
 * Joins a part whose jobs have ended: its rows and answers become a file of the run's results. It can be done on any machine, twice, at
 * once, and killed.
 * @param wanted the run's id, the start of one, or its name
 * @param part from 1
 * @throws PART_WAITS before its jobs have ended; UNKNOWN_RUN, AMBIGUOUS_RUN, BAD_OPTIONS, RUN_DAMAGED; SERVICE_REFUSED, UNREACHABLE, DISK
 */
export async function joinPart(wanted: string, part: number, options: SessionOptions = {}): Promise<DonePart> {
  refuseUnknownOptions(options, [], "joinPart");
  return inLibrarySession(options, (session) => joinNamed(session, wanted, part));
}
