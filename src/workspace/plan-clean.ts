import { join } from "node:path";
import type { ObjectStorage, UnfinishedUpload } from "../aws/s3.ts";
import { openObjectStorage } from "../aws/s3.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { describeOrigin, isSameOrigin } from "../foundation/origin.ts";
import type { Origin } from "../foundation/types/index.ts";
import { findJobId } from "../jobs/job-names.ts";
import { findAwaiting, lookAtRuns } from "../ledger/look-at-runs.ts";
import type { Ledger } from "../ledger/open-ledger.ts";
import { readSummedParts } from "../ledger/parts.ts";
import type { RunRow } from "../ledger/runs.ts";
import { readRuns } from "../ledger/runs.ts";
import type { ShardRow } from "../ledger/shards.ts";
import { readShards } from "../ledger/shards.ts";
import { filesOf } from "./files/shared-workspace.ts";
import { findDamage, partsFile, readRunFile, refuseDamaged, runPaths } from "./run-folder.ts";
import { findEndpoint, identify, openWorkspace, type Session, toOrigin } from "./session.ts";

/** A file or an object, and what it takes up. */
export interface Leftover {
  readonly name: string;
  readonly sizeBytes: number;
}

/** An object that a run has left, and the versions of it. */
export interface StoredLeftover extends Leftover {
  /** Where the bucket keeps versions: the one that goes. Undefined where it keeps none, or may not be asked. */
  readonly versionId?: string;
  /** A delete marker: it stands for a removed object, and has no bytes. */
  readonly isMarker?: boolean;
}

/** What a run has left, and would be removed. */
export interface CleanPlan {
  readonly runId: string;
  /** When the run had last changed: what has changed since is not removed. */
  readonly updatedAt: number;
  readonly runName: string;
  /** Where the run was. */
  readonly origin: Origin;
  readonly accountId: string;
  /** Undefined where the run had no job. */
  readonly bucket: string | undefined;
  /** Every version by itself where the bucket keeps versions. */
  readonly objects: readonly StoredLeftover[];
  /** The bucket keeps versions, and the caller may not list them: what is removed stays behind delete markers. */
  readonly isVersionsHidden: boolean;
  readonly uploads: readonly UnfinishedUpload[];
  /** The caller may not list uploads: there may be more of them. */
  readonly isUploadsHidden: boolean;
  /** Keys beside them that halfprice did not make: they stay. */
  readonly strangers: readonly string[];
  readonly directory: string;
  /** Table and report stay, and the plan's first prompts. */
  readonly keepsResults: boolean;
  readonly files: readonly Leftover[];
}

/** What stays: what was asked and planned says what a run has cost; labels are a person's work. */
const kept = ["run.json", "plan.json", "labels.json"];
const results = ["results.parquet", "report.html", "eval.json"];

/**
 * Finds what runs have left in S3 and on disk. Removes nothing.
 * @param wanted ids; all runs of this account, or of this local service, that have ended where it is undefined
 * @param among the runs that are looked at where none is wanted by name: those at this service, where the caller knows of several
 * @throws UNKNOWN_RUN; RUN_UNFINISHED, RUN_DAMAGED where a run that was named is under way; RUN_AWAITED where one that is under way
 * waits for its answers; WRONG_ORIGIN
 */
export async function planClean(
  session: Session,
  wanted: readonly string[] | undefined,
  keepResults: boolean,
  among?: readonly string[],
): Promise<readonly CleanPlan[]> {
  const { config, connection } = session;
  const origin = toOrigin(await identify(session));
  const ledger = await openWorkspace(config);
  const storage = openObjectStorage(connection);
  try {
    const isOwn = ({ origin: own }: RunRow): boolean => isSameOrigin(own, origin);
    const plans: CleanPlan[] = [];
    for (const row of listWithParts(ledger)) {
      const named = row.partOf ?? row.id;
      const isMeant = wanted === undefined ? isOwn(row) && among?.includes(named) !== false : wanted.includes(named);
      if (!isMeant) continue;
      if (!isOwn(row)) {
        throw new HalfpriceError("WRONG_ORIGIN", {
          runId: row.id,
          runOrigin: describeOrigin(row.origin),
          origin: describeOrigin(origin),
        });
      }
      const endpointUrl = readEndpoint(config.workspace, row.id);
      if (endpointUrl !== undefined && endpointUrl !== findEndpoint(session, origin.kind)) {
        // Its objects are there, and not here. A service that has another port today is believed where it is named with the run.
        if (wanted === undefined) continue;
        if (connection.dummyCredentials !== undefined) {
          throw new HalfpriceError("WRONG_ORIGIN", {
            runId: row.id,
            runOrigin: `the local service at ${endpointUrl}`,
            origin: "the workspace's own local service",
          });
        }
      }
      const shards = readShards(ledger, row.id);
      const paths = runPaths(config.workspace, row.id);
      if (lookAtRuns(ledger, row.origin).get(row.id)?.isUnderWay !== false) {
        if (wanted === undefined) continue;
        refuseDamaged(paths, false);
        throw new HalfpriceError("RUN_UNFINISHED", {
          runId: row.id,
          state: row.state === "stopped" ? "stopping" : row.state,
        });
      }
      const by = keepResults || row.partOf !== undefined ? [] : findAwaiting(ledger, row.id);
      if (by.length > 0) {
        if (wanted === undefined) continue;
        throw new HalfpriceError("RUN_AWAITED", { runId: row.id, by });
      }
      const place = findDamage(paths) === undefined ? readRunFile(paths).place : findLedgerPlace(row.id, shards);
      const stored =
        place === undefined
          ? { objects: [], uploads: [], isUploadsHidden: false, isVersionsHidden: false, strangers: [] }
          : await findStored(storage, { bucket: place.bucket, prefix: place.prefix, row, shards });
      const files = await findFiles(config.workspace, row.id, keepResults);
      if (stored.objects.length + stored.uploads.length + files.length === 0) continue;
      const { accountId } = row.origin;
      const { directory } = paths;
      plans.push({
        runId: row.id,
        updatedAt: row.updatedAt,
        runName: row.part === undefined ? row.name : `${row.name}, part ${row.part}`,
        origin: row.origin,
        accountId,
        bucket: place?.bucket,
        ...stored,
        directory,
        keepsResults: keepResults,
        files,
      });
    }
    return plans;
  } finally {
    storage.close();
    ledger.close();
  }
}

/** All runs; after one in parts that has ended, those of its parts: what they have left is its. */
function listWithParts(ledger: Ledger): RunRow[] {
  return readRuns(ledger).flatMap((row) => {
    if (row.partCount === undefined || row.summary === undefined) return [row];
    return [row, ...readSummedParts(ledger, row.id)];
  });
}

/** The local service that a run was begun at, where it is not the workspace's own, as far as its files say. */
export function readEndpoint(workspace: string, runId: string): string | undefined {
  const paths = runPaths(workspace, runId);
  return findDamage(paths) === undefined ? readRunFile(paths).endpointUrl : undefined;
}

/** Where the jobs of a run worked, as the ledger knows it from their names. */
function findLedgerPlace(
  runId: string,
  shards: readonly ShardRow[],
): { readonly bucket: string; readonly prefix: string } | undefined {
  for (const { attempt } of shards) {
    const [, bucket, key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(attempt?.inputUri ?? "") ?? [];
    const at = key.indexOf(`runs/${runId}/`);
    if (bucket !== undefined && at >= 0) return { bucket, prefix: key.slice(0, at) };
  }
  return undefined;
}

/** Bedrock writes and removes it to see whether the role may write: where the bucket keeps versions it stays as one. @see sources#bucket-rights */
const writeCheckFile = ".write_access_check_file.tmp";

interface Stored {
  readonly bucket: string;
  readonly prefix: string;
  readonly row: RunRow;
  readonly shards: readonly ShardRow[];
}

/**
 * Of what lies under a run's prefix: what was uploaded for its shards, and what the service wrote for its jobs. Names come
 * from the ledger; what else is there is somebody's.
 */
async function findStored(
  storage: ObjectStorage,
  { bucket, prefix, row, shards }: Stored,
): Promise<Pick<CleanPlan, "objects" | "uploads" | "isUploadsHidden" | "isVersionsHidden" | "strangers">> {
  const folder = `${prefix}runs/${row.id}/`;
  const start = `s3://${bucket}/`.length;
  const attempts = shards.flatMap(({ attempt }) => attempt ?? []);
  const inputs = new Set(attempts.map(({ inputUri }) => inputUri.slice(start)));
  const outputs = attempts.flatMap(({ outputUri, jobArn }) =>
    jobArn === undefined ? [] : `${outputUri.slice(start)}${findJobId(jobArn)}/`,
  );
  const checks = new Set(attempts.map(({ outputUri }) => `${outputUri.slice(start)}${writeCheckFile}`));
  const isOwn = (key: string): boolean =>
    inputs.has(key) || checks.has(key) || (key.endsWith(".out") && outputs.some((output) => key.startsWith(output)));
  const { accountId } = row.origin;
  const { listed, isVersionsHidden } = await listStored(storage, { bucket, folder, accountId, isOwn });
  // A right of its own (s3:ListBucketMultipartUploads), and uploads that break off are rare: the rest goes all the same.
  const uploads = await storage.listUploads(bucket, folder, accountId).catch(unlessRefused);
  return {
    objects: listed
      .filter(({ key }) => isOwn(key))
      .map(({ key: name, sizeBytes, versionId, isMarker }) => ({
        name,
        sizeBytes,
        ...(versionId !== undefined && { versionId }),
        ...(isMarker === true && { isMarker }),
      })),
    uploads: uploads?.filter(({ key }) => inputs.has(key)) ?? [],
    isUploadsHidden: uploads === undefined,
    isVersionsHidden,
    strangers: [...new Set(listed.filter(({ key, isCurrent }) => isCurrent && !isOwn(key)).map(({ key }) => key))],
  };
}

function unlessRefused(error: unknown): undefined {
  if (!isError(error, "SERVICE_REFUSED")) throw error;
}

interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly isCurrent: boolean;
  readonly versionId?: string;
  readonly isMarker?: boolean;
}

/**
 * What lies below a folder: versions where the bucket keeps them, objects where it does not. Where versions may not be listed (they take
 * a right of their own, s3:ListBucketVersions) an object of the run says whether there are any.
 */
async function listStored(
  storage: ObjectStorage,
  { bucket, folder, accountId, isOwn }: ListedPlace,
): Promise<{ readonly listed: readonly Listed[]; readonly isVersionsHidden: boolean }> {
  const versions = await storage.listVersions(bucket, folder, accountId).catch(unlessRefused);
  const current: readonly Omit<Listed, "isCurrent">[] =
    versions?.filter(({ isLatest, isMarker }) => isLatest && !isMarker) ?? (await storage.list(bucket, folder));
  const sample = current.find(({ key }) => isOwn(key))?.key;
  const isVersioned =
    versions?.some(({ versionId, isMarker }) => versionId !== "null" || isMarker) === true ||
    (sample !== undefined && (await storage.hasVersions(bucket, sample).catch(unlessRefused)) === true);
  if (versions !== undefined && isVersioned) {
    return {
      listed: versions.map((each) => ({ ...each, isCurrent: each.isLatest && !each.isMarker })),
      isVersionsHidden: false,
    };
  }
  return {
    listed: current.map(({ key, sizeBytes }) => ({ key, sizeBytes, isCurrent: true })),
    isVersionsHidden: isVersioned,
  };
}

interface ListedPlace {
  readonly bucket: string;
  readonly folder: string;
  readonly accountId: string;
  readonly isOwn: (key: string) => boolean;
}

/** Everything in the run's directory but what stays: the directory is halfprice's own. */
async function findFiles(workspace: string, runId: string, keepResults: boolean): Promise<Leftover[]> {
  const folder = `runs/${runId}`;
  const staying = new Set((keepResults ? [...kept, ...results] : kept).map((name) => `${folder}/${name}`));
  // Of a run in parts: a file for each, and what says that they are its results.
  const isPart = (path: string): boolean =>
    keepResults && [`${folder}/results/`, `${folder}/${partsFile}`].some((start) => path.startsWith(start));
  const files = await filesOf(workspace).list(folder);
  return files
    .filter(({ path }) => !isPart(path) && !staying.has(path))
    .map(({ path, sizeBytes }) => ({ name: join(workspace, path), sizeBytes }));
}
