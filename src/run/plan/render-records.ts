import { explainTableError } from "../../dataset/engine-errors.ts";
import { answerNumberColumn } from "../../dataset/freeze-table.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RecordSummary } from "../../foundation/types/index.ts";
import type { Ledger } from "../../ledger/open-ledger.ts";
import { readRuns } from "../../ledger/runs.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { findFormerIds, writeFormerIds } from "../../requests/former-ids.ts";
import { hashRecords } from "../../requests/hash-records.ts";
import { makeRecords } from "../../requests/make-records.ts";
import { chooseRunPack } from "./choose-run-pack.ts";
import type { FrozenInput } from "./freeze-input.ts";
import { openMediaPlace } from "./media-place.ts";
import type { ModelContext } from "./plan-context.ts";

/** The requests of a table: written down, named, and without repeats. */
export interface RenderedRecords {
  readonly shape: RequestShape;
  readonly summary: RecordSummary;
  /** A relation of the names that older versions gave the records, where they gave others. */
  readonly formerIds: string | undefined;
  /** Of all requests; undefined where the prompt's text says what is asked. */
  readonly hash: string | undefined;
}

/** The shape of a run whose rows share requests. @throws PACK_REFUSED before a row is read */
function withItems(context: ModelContext, shape: RequestShape): RequestShape {
  return { ...shape, items: chooseRunPack(context, shape, 2).parts };
}

/** Renders the prompt over every row. @throws UNKNOWN_COLUMN, PROMPT_FAILED, ALL_EMPTY, BROKEN_TABLE, PACK_REFUSED */
export async function renderRecords(
  context: ModelContext,
  { frozen, parameters, mediaBase }: FrozenInput,
  engine: Engine,
  ledger: Ledger,
): Promise<RenderedRecords> {
  const { session, request, chosen, paths } = context;
  const { table, prompt, options } = request;
  const { answersPerRow, timezone, fullRefresh, skipEmpty, onPromptError, onMediaError } = options;
  const { family, choice, invocation, structured } = chosen;
  session.onStep("rendering the prompt");
  const { output } = prompt.settings;
  const isRaw = prompt.kind === "raw";
  const base = { family, baseId: choice.baseId, invocation, parameters, output, structured, isRaw };
  const single = answersPerRow === undefined ? base : { ...base, answersPerRow, answerColumn: answerNumberColumn };
  const asked = options.pack === undefined ? single : withItems(context, single);
  const skips = { ...(skipEmpty === true ? { skipEmpty } : {}), onPromptError, onMediaError };
  // Other parts may have rows with something to ask.
  const inPart = request.partOf === undefined ? {} : { mayBeEmpty: true };
  const storage = openMediaPlace(session.connection, mediaBase);
  const { place: media } = storage;
  const source = {
    engine,
    table: frozen.table,
    prompt,
    shape: asked,
    directory: paths.directory,
    media,
    ...skips,
    ...inPart,
  };
  const summary = await makeRecords(source)
    .catch(async (error: unknown) => {
      throw await explainTableError(error, { whole: table }, frozen.reading);
    })
    .finally(() => storage.close());
  const shape = summary.media === undefined ? asked : { ...asked, hasMedia: true };
  if (!fullRefresh && readRuns(ledger).length > 0) await writeFormerIds({ ...source, shape }, timezone);
  // What a program's function closes over is not in its text: the rendered requests say what it asks.
  const isClosure = prompt.kind === "function" && prompt.isClosure === true;
  // Pictures may change while table and prompt stay the same.
  const hash = isClosure || summary.media !== undefined ? await hashRecords(engine, paths.directory) : undefined;
  return { shape, summary, formerIds: findFormerIds(paths.directory), hash };
}
