import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openModelService } from "../../aws/bedrock-runtime.ts";
import { readModelsBehind } from "../../aws/model-reading.ts";
import { freezeTable } from "../../dataset/freeze-table.ts";
import { sliceRows } from "../../dataset/slice-rows.ts";
import type { Cell, Engine } from "../../engine/engine.ts";
import { quoteName, quoteText, writeOptions } from "../../engine/sql.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { ModelChoice, Origin, Table } from "../../foundation/types/index.ts";
import { askRecords } from "../../jobs/ask-records.ts";
import { readRecords } from "../../jobs/record-lines.ts";
import { openLedger } from "../../ledger/open-ledger.ts";
import { expandLines } from "../../media/expand-lines.ts";
import { findReasoningWarnings } from "../../plan/reasoning-warnings.ts";
import { makeRecords } from "../../requests/make-records.ts";
import { sentSql } from "../../requests/measure-sent.ts";
import { findPromptWarnings } from "../../requests/prompt-warnings.ts";
import { recordFiles } from "../../requests/record-files.ts";
import { makeAnswerCheck } from "../../results/check-answer.ts";
import { joinResults } from "../../results/join-results.ts";
import { checkCollisions, makeResultColumns } from "../../results/result-columns.ts";
import { findReading } from "../../workspace/model-readings.ts";
import { makeRunDirectory, makeRunId, runPaths } from "../../workspace/run-folder.ts";
import { identify, type Session, toOrigin, withEngine } from "../../workspace/session.ts";
import { checkRaw } from "../plan/check-raw.ts";
import { chooseModel, findModelName, type RunRequest, toAnswerKind } from "../plan/choose-model.ts";
import { openMediaPlace } from "../plan/media-place.ts";
import { openInput } from "../plan/open-input.ts";

/** Among so many rows at least those are looked for whose requests differ. */
const lookedAtRows = 1000;

/** What a few rows gave. */
export interface TriedRows {
  readonly model: ModelChoice;
  readonly origin: Origin;
  /** The rows with their results, as the table of a run would have them. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Names of the columns with the answers, in order. */
  readonly answerColumns: readonly string[];
  /** As reported; undefined where an answer came without. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** On demand, from reported usage; undefined where price or usage is not known. */
  readonly costUsd: number | undefined;
  /** The number of each row in the table, from 1. */
  readonly rowNumbers: readonly number[];
  readonly failedCount: number;
  readonly firstError: string | undefined;
}

/**
 * Sends the first rows whose requests differ on demand, at the full price, and reads the answers as a run would. Keeps nothing.
 * @throws what planRun throws, but for the minimum of records
 */
export async function tryRows(session: Session, request: RunRequest, limit: number): Promise<TriedRows> {
  const { config, connection, nowMs, random, onStep } = session;
  const { prompt, options } = request;
  const identity = await identify(session);
  const behind = await readModelsBehind({ ...connection, region: identity.region }, findModelName(request));
  const reading = findReading(config.workspace, toOrigin(identity));
  const chosen = await chooseModel(request, identity.region, nowMs(), { reading, behind, isOnDemand: true });
  const { choice, family, invocation, structured } = chosen;
  const paths = runPaths(config.workspace, makeRunId(nowMs(), random));
  // Makes the workspace, closed to others: the answers lie there for a moment.
  openLedger(config.workspace).close();
  makeRunDirectory(paths);
  try {
    return await withEngine(
      paths,
      async (engine) => {
        const { path, mediaBase } = await openInput(session, engine, request, toOrigin(identity), paths.directory);
        const { dialect, skipEmpty, onPromptError, onMediaError } = options;
        const frozen = await freezeTable(
          engine,
          { path, ...(dialect === undefined ? {} : { dialect }), limit: Math.max(limit, lookedAtRows) },
          paths.directory,
        );
        const parameters = await checkRaw(engine, frozen.table, request, chosen);
        const isRaw = prompt.kind === "raw";
        const { output } = prompt.settings;
        const columns = makeResultColumns(output, options.answerPrefix, toAnswerKind({ ...chosen, parameters }, isRaw));
        checkCollisions(frozen.table.columns, columns);
        const check = output === undefined ? undefined : makeAnswerCheck(output, prompt.source);
        const shape = { family, baseId: choice.baseId, invocation, parameters, output, structured, isRaw };
        const storage = openMediaPlace(connection, mediaBase);
        const { place: media } = storage;
        const rest = { engine, prompt, shape, directory: paths.directory, onPromptError, media, onMediaError };
        const source = { ...rest, table: frozen.table, ...(skipEmpty === true ? { skipEmpty } : {}) };
        const looked = await makeRecords(source);
        const sent = await engine.rows(
          `SELECT row FROM (${sentSql(paths.directory, undefined)}) ORDER BY row LIMIT ${limit}`,
        );
        const taken = sent.map(({ row }) => Number(row));
        const triedTable = await takeRows(engine, frozen.table, taken, paths.directory);
        const made = await makeRecords({ ...source, table: triedTable }).finally(() => storage.close());
        if (made.media !== undefined) await expandInPlace(paths.directory);
        const { recordCount, sizeBytes, rowCount } = made;
        const shard = {
          index: 0,
          lane: "on_demand" as const,
          fromRow: 0,
          toRow: rowCount,
          recordCount,
          fromByte: 0,
          sizeBytes,
        };
        const models = openModelService(connection);
        const outputFile = join(paths.directory, "answers.jsonl.out");
        const lines = { path: join(paths.directory, recordFiles.lines), fromByte: 0, sizeBytes };
        let answeredCount = 0;
        writeFileSync(outputFile, "");
        onStep(`asking ${choice.label}, on demand`);
        try {
          const end = await askRecords(readRecords(lines), {
            ask: (body) =>
              invocation === "Converse" ? models.converse(choice.invokeId, body) : models.invoke(choice.invokeId, body),
            onLine(line) {
              appendFileSync(outputFile, line);
              answeredCount += 1;
              onStep(`asked ${answeredCount} of ${recordCount}`);
            },
          });
          if (end === "throttled")
            throw new HalfpriceError("THROTTLED", { model: choice.label, answeredCount, recordCount });
        } finally {
          models.close();
        }
        await joinResults({
          reader: { engine, shape: family.answer, fields: columns.fields, check },
          columns,
          table: triedTable,
          cutRows: (fromRows) => sliceRows(triedTable, fromRows, rowCount, paths.work),
          recordsFile: join(paths.directory, recordFiles.records),
          duplicatesFile: join(paths.directory, recordFiles.duplicates),
          shards: [{ shard, files: [outputFile], price: choice.prices?.onDemand }],
          resent: [],
          earlierFiles: [],
          target: paths.results,
          workDirectory: paths.work,
        });
        const rows = await engine.rows(`SELECT * FROM read_parquet(${quoteText(paths.results)})`);
        const failed = rows.filter((row) => row[columns.meta.outcome] === "error");
        const isSent = (row: Record<string, Cell>): boolean =>
          !/^(error|skipped)$/.test(String(row[columns.meta.outcome]));
        const sum = (column: string): number | undefined =>
          rows.some((row) => isSent(row) && row[column] === null)
            ? undefined
            : rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);
        const maxTokens = family.kind === "embedding" ? 0 : parameters.maxTokens;
        const warnings = [
          ...(choice.warnings ?? []),
          ...findReasoningWarnings(choice, maxTokens),
          ...findPromptWarnings(prompt, frozen.table, looked),
        ];
        return {
          model: { ...choice, ...(warnings.length === 0 ? {} : { warnings }) },
          origin: toOrigin(identity),
          rows,
          answerColumns: columns.fields.map(({ column }) => column),
          inputTokens: sum(columns.meta.input_tokens),
          outputTokens: sum(columns.meta.output_tokens),
          costUsd: choice.prices?.onDemand === undefined ? undefined : sum(columns.meta.cost_usd),
          rowNumbers: taken.map((row) => row + 1),
          failedCount: failed.length,
          firstError: failed[0] === undefined ? undefined : String(failed[0][columns.meta.error]),
        };
      },
      options.timezone === undefined ? {} : { timezone: options.timezone },
    );
  } finally {
    rmSync(paths.directory, { recursive: true, force: true });
  }
}

/** Pictures and documents take the place of their marks. */
async function expandInPlace(directory: string): Promise<void> {
  const path = join(directory, recordFiles.lines);
  renameSync(path, `${path}.marked`);
  await expandLines(`${path}.marked`, path, join(directory, recordFiles.media));
}

/** The rows of some numbers, from 0, as a table of their own. */
async function takeRows(engine: Engine, table: Table, rows: readonly number[], directory: string): Promise<Table> {
  const path = join(directory, "tried.parquet");
  const columns = table.columns.map(({ name }) => quoteName(name)).join(", ");
  await engine.run(`
    COPY (
      SELECT ${columns} FROM (SELECT *, row_number() OVER () - 1 AS "halfprice row" FROM ${table.relation})
      WHERE "halfprice row" IN (${rows.join(", ")}) ORDER BY "halfprice row"
    ) TO ${quoteText(path)} (${writeOptions.parquet})`);
  const { format: _, path: __, marked: ___, ...rest } = table;
  return { ...rest, format: "parquet", path, relation: `read_parquet(${quoteText(path)})` };
}
