import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { freezeTable } from "../../dataset/freeze-table.ts";
import type { Engine } from "../../engine/engine.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { findUnfinishedRun } from "../../ledger/runs.ts";
import { readCaps } from "../../workspace/check-spending.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import { makeRunDirectory, writePlanFile, writeRunFile } from "../../workspace/run-folder.ts";
import { type Session, withEngine } from "../../workspace/session.ts";
import { fetchFiles } from "../input/fetch-files.ts";
import type { InputFile, InputFiles } from "../input/input-files.ts";
import { listInput } from "../input/list-input.ts";
import type { RunRequest } from "../plan/choose-model.ts";
import { nameRun } from "../plan/name-run.ts";
import { toTableInput } from "../plan/open-input.ts";
import {
  type Draft,
  openDraft,
  openPlanContext,
  type PlanContext,
  type PlanOptions,
  withDraft,
} from "../plan/plan-context.ts";
import { dropDraft, type PlannedRun, planRun } from "../plan/plan-run.ts";
import { listReads } from "../plan/read-request.ts";
import { countFooter, countRows, isParquet } from "./count-rows.ts";
import { estimateParts, type SampledFile } from "./estimate-parts.ts";
import { cutParts, type PartList, type PartSize, writePartList } from "./part-list.ts";
import { refuseUnparted } from "./refuse-unparted.ts";
import { chooseSamples } from "./sample-files.ts";
import { writeRequest } from "./saved-request.ts";

/** Rows of each sampled file that are rendered. */
const sampledRows = 250;

/**
 * Plans a run in parts: lists its files, looks into some of them, and says for all of them what they come to. Spends nothing. Leaves a draft,
 * which has the list; nothing is left where it throws.
 * @throws BAD_OPTIONS for what has no parts; what listInput, planRun and fetchFiles throw; EMPTY_TABLE where no sampled file has rows
 */
export async function planParts(
  session: Session,
  request: RunRequest,
  size: PartSize,
  options: PlanOptions = {},
): Promise<PlannedRun> {
  refuseUnparted(request);
  const draft = openDraft(session, request);
  try {
    session.onStep(`listing ${request.table}`);
    makeRunDirectory(draft.paths);
    const listed = await withDraft(draft, async (engine) => {
      const found = request.files ?? (await listInput(session.connection, engine, request.table));
      return { ...found, list: await countRows(engine, found.list) };
    });
    const context = await openPlanContext(draft, options);
    const { samples, sampled } = await lookIntoFiles(context, listed);
    const counted = new Map(samples.map(({ uri, rowCount }) => [uri, rowCount]));
    const known = listed.list.map((file) => ({ ...file, ...named(file.rowCount ?? counted.get(file.uri)) }));
    const list = cutParts({ ...listed, list: known }, size);
    const { slots, offline } = context;
    const plan = {
      ...estimateParts(list, samples, sampled.plan.model),
      ...(slots === undefined ? {} : { slots }),
      ...(offline === undefined ? {} : { offline }),
    };
    const run = toParentRun(context, sampled.run, listed, list, size.removesJoined === true);
    writeRunFile(draft.paths, run);
    writePlanFile(draft.paths, plan);
    writeRequest(draft.paths, request);
    writePartList(draft.paths, list);
    rmSync(join(draft.paths.directory, "source"), { recursive: true, force: true });
    return await toPlanned(context, { run, plan });
  } catch (error) {
    dropDraft(draft);
    throw error;
  }
}

const named = (rowCount: number | undefined): Pick<InputFile, "rowCount"> =>
  rowCount === undefined ? {} : { rowCount };

async function toPlanned(context: PlanContext, { run, plan }: Pick<PlannedRun, "run" | "plan">): Promise<PlannedRun> {
  const { session, paths, identity } = context;
  const { workspace } = session.config;
  return withDraft(context, async (_, ledger) => {
    const planned: PlannedRun = {
      ...{ plan, run, paths, identity, inputFingerprint: run.fingerprint, look: undefined },
      caps: readCaps(workspace, ledger, run),
      unfinished: findUnfinishedRun(ledger, run.fingerprint),
      // What is answered by the time that a part is prepared is found then.
      replan: () => Promise.resolve(planned),
      takeSample: () => Promise.reject(new Error("a run in parts has no sample")),
    };
    return planned;
  });
}

/** Plans the first rows of some files as a run of their own would be. @throws EMPTY_TABLE */
async function lookIntoFiles(
  context: PlanContext,
  { list, pathNames }: InputFiles,
): Promise<{ samples: SampledFile[]; sampled: PlannedRun }> {
  const { session, request, paths, identity, origin, chosen, limits } = context;
  const pinned = { identity, origin, chosen, limits };
  const samples: SampledFile[] = [];
  let sampled: PlannedRun | undefined;
  let nothing: HalfpriceError | undefined;
  for (const [index, file] of chooseSamples(list).entries()) {
    session.onStep(`looking into ${file.uri}`);
    const folder = join(paths.directory, "source", String(index));
    const [copy] = await fetchFiles(session.connection, [file], folder);
    const here: InputFile = { ...file, ...(copy === undefined ? {} : { path: copy.path }) };
    const own = { ...request.options, limit: sampledRows };
    try {
      const rowCount = file.rowCount ?? (await countFile(session, context, here, pathNames));
      const asked: RunRequest = { ...request, files: { list: [here], pathNames }, options: own };
      const planned = await planRun(session, asked, { pinned });
      dropDraft(planned);
      samples.push({ uri: file.uri, sizeBytes: file.sizeBytes, rowCount, plan: planned.plan });
      sampled ??= planned;
    } catch (error) {
      if (!isError(error, "EMPTY_TABLE", "ALL_EMPTY")) throw error;
      nothing = error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (sampled === undefined) throw nothing ?? new HalfpriceError("EMPTY_TABLE", { path: request.table });
  return { samples, sampled };
}

/** The rows of a file that nobody has counted. */
async function countFile(
  session: Session,
  { paths, request }: Pick<Draft, "paths" | "request">,
  file: InputFile,
  pathNames: readonly string[],
): Promise<number> {
  const directory = join(paths.directory, "count");
  makeRunDirectory({ ...paths, directory });
  try {
    return await withEngine({ directory }, (engine) =>
      countTable(session, engine, { file, pathNames, directory, request }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function countTable(
  session: Session,
  engine: Engine,
  {
    file,
    pathNames,
    directory,
    request,
  }: { file: InputFile; pathNames: readonly string[]; directory: string; request: RunRequest },
): Promise<number> {
  const files = await fetchFiles(session.connection, [file], directory);
  const [first] = files;
  if (first !== undefined && isParquet(file)) return countFooter(engine, first.path);
  const { dialect } = toTableInput(request.table, request.options);
  const input = { path: request.table, files, pathColumns: pathNames, ...(dialect === undefined ? {} : { dialect }) };
  const { table } = await freezeTable(engine, input, directory);
  const [row = {}] = await engine.rows(`SELECT count(*) AS rows FROM ${table.relation}`);
  return Number(row["rows"]);
}

/** What the run of a sample says of the run that all files are of. */
function toParentRun(
  { session, request, id }: PlanContext,
  sampled: RunFile,
  listed: InputFiles,
  list: PartList,
  removesJoined: boolean,
): RunFile {
  const { table, prompt } = request;
  const { isPartial: _, ...run } = sampled;
  return {
    ...run,
    id,
    name: request.name ?? nameRun(table.replace(/\/\*\*.*$|\/[^/]*\*.*$/, ""), prompt),
    createdAt: session.nowMs(),
    fingerprint: fingerprint(request, run, listed, list),
    table: { shownPath: table, file: "", reading: { hasLongRows: false } },
    reads: listReads([], prompt),
    partCount: list.parts.length,
    ...(removesJoined ? { removesJoined: true as const } : {}),
  };
}

/** The same files in the same parts, prompt, model, parameters and origin have the same. */
function fingerprint(request: RunRequest, run: RunFile, { list: files }: InputFiles, { parts }: PartList): string {
  const { prompt, options, name = null } = request;
  const { maxCostUsd: _, maxCostTotalUsd: __, belowMinimum: ___, maxAttempts: ____, ...asked } = options;
  const hash = createHash("sha256");
  for (const { uri, sizeBytes } of files) hash.update(`${uri}\n${sizeBytes}\n`);
  const { model, invocation, structured, parameters, output = null, origin, answerPrefix } = run;
  const what = [
    prompt.text,
    model.invokeId,
    invocation,
    structured,
    parameters,
    output,
    origin,
    answerPrefix,
    name,
    asked,
  ];
  return hash.update(JSON.stringify([...what, parts.length, "in parts"])).digest("hex");
}
