import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { openObjectStorage } from "../../aws/s3.ts";
import { makeFolder, syncFile, syncFolder } from "../../foundation/commit-file.ts";
import { crashPoint } from "../../foundation/crash-point.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunSummary } from "../../foundation/types/index.ts";
import { downloadOutput } from "../../jobs/fetch-output.ts";
import { holdWorkspace } from "../../ledger/hold-workspace.ts";
import { findRun } from "../../ledger/runs.ts";
import { readShards, type ShardRow } from "../../ledger/shards.ts";
import { filesOf } from "../../workspace/files/shared-workspace.ts";
import {
  type JoinedPart,
  joinedFile,
  partResults,
  preparedFile,
  readJoined,
  readPrepared,
} from "../../workspace/part-files.ts";
import { readPlanFile, readRunFile, runPaths } from "../../workspace/run-folder.ts";
import { openWorkspace, type Session } from "../../workspace/session.ts";
import { joinAndCount } from "../finish/finish-run.ts";
import { dropPartFiles } from "./drop-part-files.ts";
import { readAttempts } from "./part-attempts.ts";
import { hasEnded, isJoinable } from "./part-states.ts";
import { publishText } from "./publish-text.ts";

/** What joining a part came to. */
export interface JoinedNow {
  readonly part: number;
  readonly runId: string;
  readonly summary: RunSummary;
  /** The part's file of results, below the workspace. */
  readonly results: string;
  /** Another process has joined it, now or before. */
  readonly wasThere: boolean;
}

/** How often it is looked whether another process of this disk has done with the same part. */
const lookMs = 100;

/**
 * Joins a part whose jobs have ended: fetches their answers, joins them to its rows, writes its file of results, and says that it is
 * joined. It can be done anywhere, twice, at once, and killed; the ledger is read and never written.
 * @throws PART_WAITS before all of its jobs have ended; BAD_OPTIONS, RUN_DAMAGED, DISK; SERVICE_REFUSED, UNREACHABLE
 */
export async function joinPart(session: Session, parentId: string, part: number): Promise<JoinedNow> {
  const { workspace } = session.config;
  await filesOf(workspace).fetch(`runs/${parentId}`, (path) => path.endsWith(".json"));
  const attempt = readAttempts(workspace, parentId).get(part) ?? 1;
  const joined = findJoined(workspace, parentId, part, attempt);
  if (joined !== undefined) return joined;
  const prepared = readPrepared(workspace, preparedFile(parentId, part, attempt));
  if (prepared === undefined) {
    const fix = `prepare it first: halfprice part prepare ${parentId} ${part}`;
    throw new HalfpriceError("PART_WAITS", { runId: parentId, part, reason: "it is not prepared", fix });
  }
  const runId = prepared.run.id;
  const shards = await readEnded(session, parentId, part, runId);
  await filesOf(workspace).fetch(`runs/${runId}`);
  const { directory } = runPaths(workspace, runId);
  for (;;) {
    const held = holdWorkspace(directory, "join");
    if (!("holder" in held)) {
      try {
        // Another process may have joined it while this one waited.
        const since = findJoined(workspace, parentId, part, attempt);
        return since ?? (await joinHeld(session, { parentId, part, attempt, runId, shards }));
      } finally {
        held.release();
      }
    }
    await session.sleep(lookMs);
    const since = findJoined(workspace, parentId, part, attempt);
    if (since !== undefined) return since;
  }
}

interface Joining {
  readonly parentId: string;
  readonly part: number;
  readonly attempt: number;
  readonly runId: string;
  readonly shards: readonly ShardRow[];
}

/** The jobs of a part, all of which have ended. @throws PART_WAITS */
async function readEnded(session: Session, parentId: string, part: number, runId: string): Promise<ShardRow[]> {
  const ledger = await openWorkspace(session.config);
  try {
    const row = findRun(ledger, runId);
    const wait = (reason: string): HalfpriceError => {
      const fix = `halfprice collect ${parentId} makes its jobs and looks at them; then join the part again`;
      return new HalfpriceError("PART_WAITS", { runId: parentId, part, reason, fix });
    };
    if (row === undefined) throw wait("its jobs are not made");
    const shards = readShards(ledger, runId);
    if (isJoinable(shards, row.state === "stopped")) return shards;
    const open = shards.filter((shard) => !hasEnded(shard));
    const jobs = shards.length === 1 ? "its job" : `${open.length} of its ${shards.length} jobs`;
    throw wait(`${jobs} ${open.length === 1 ? "has" : "have"} not ended`);
  } finally {
    ledger.close();
  }
}

async function joinHeld(session: Session, { parentId, part, attempt, runId, shards }: Joining): Promise<JoinedNow> {
  const { workspace } = session.config;
  const files = filesOf(workspace);
  const paths = runPaths(workspace, runId);
  const run = readRunFile(paths);
  const plan = readPlanFile(paths);
  const fetched = await fetchAnswers(session, paths.directory, run.place?.bucket ?? "", shards);
  const summary = await joinAndCount(session, { run, plan, shards: fetched, paths, hasReport: false });
  crashPoint("part not placed");
  const target = partResults(parentId, part);
  if (attempt === 1) await files.publishOnce(target, paths.results);
  else await replace(session, target, paths.results);
  crashPoint("part placed");
  const joined: JoinedPart = {
    version: 1,
    runId,
    summary,
    shards: fetched.filter(hasEnded).map(({ index, attempt: own }) => ({
      index,
      ...(own === undefined ? {} : { attempt: own.attempt }),
      ...(own?.manifest === undefined ? {} : { manifest: own.manifest }),
    })),
  };
  const isFirst = await publishText(session, joinedFile(parentId, part, attempt), joined);
  await dropPartFiles(workspace, runId);
  return { part, runId, summary, results: target, wasThere: !isFirst };
}

/** Downloads what the jobs left, and has the shards as they are once that is here. */
async function fetchAnswers(
  session: Session,
  directory: string,
  bucket: string,
  shards: readonly ShardRow[],
): Promise<ShardRow[]> {
  const storage = openObjectStorage(session.connection);
  try {
    const fetched: ShardRow[] = [];
    for (const shard of shards) {
      const { attempt } = shard;
      if (shard.lane !== "batch" || attempt?.jobArn === undefined || !hasEnded(shard)) fetched.push(shard);
      else {
        session.onStep(`fetching the answers of job ${shard.index + 1}`);
        const manifest = await downloadOutput({ directory, bucket }, storage, shard);
        fetched.push({ ...shard, state: "collected", attempt: { ...attempt, manifest } });
      }
    }
    return fetched;
  } finally {
    storage.close();
  }
}

/** The table with the answers of a further time takes the place of the one before. */
async function replace({ config: { workspace } }: Session, target: string, temporary: string): Promise<void> {
  const path = join(workspace, target);
  makeFolder(dirname(path));
  syncFile(temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
  await filesOf(workspace).publish(target);
}

function findJoined(workspace: string, parentId: string, part: number, attempt: number): JoinedNow | undefined {
  const found = readJoined(workspace, joinedFile(parentId, part, attempt));
  if (found === undefined) return undefined;
  const { runId, summary } = found;
  return { part, runId, summary, results: partResults(parentId, part), wasThere: true };
}
