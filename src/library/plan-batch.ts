import { explainMessage } from "../explanations/explain.ts";
import { defined } from "../foundation/defined.ts";
import type { Explanation, ModelChoice, Origin, Usage } from "../foundation/types/index.ts";
import { planParts } from "../run/parts/plan-parts.ts";
import { checkOutputPath } from "../run/plan/check-run-plan.ts";
import { dropDraft, type PlannedRun, planRun } from "../run/plan/plan-run.ts";
import { tryRows as askRows } from "../run/try/try-rows.ts";
import type { BatchOptions, PlanBatchOptions } from "./batch-options.ts";
import { type BatchPlan, toBatchPlan } from "./batch-plan.ts";
import type { ResultRow } from "./batch-run/result-rows.ts";
import { inLibrarySession } from "./library-session.ts";
import { partNames, readPartSize } from "./parts/part-size.ts";
import { type Batch, readBatch } from "./read-batch.ts";

/**
 * What a batch would do and cost. Spends nothing, and keeps nothing unless `keepDraft` says so; nothing is uploaded. Without credentials or a network it goes by
 * documented limits and the catalogue's prices: `offline` says why.
 * @example
 * ```ts
 * const { cost, recordCount, problems } = await planBatch(sentiment, { local: true });
 * ```
 * @throws BAD_SPEC, BAD_OPTIONS; what makes a plan impossible: NO_SUCH_FILE, BROKEN_TABLE, UNKNOWN_COLUMN, PROMPT_FAILED, UNKNOWN_MODEL and their like
 */
export async function planBatch<Row extends object, const Output = undefined>(
  spec: Batch<Row, Output>,
  options: PlanBatchOptions = {},
): Promise<BatchPlan> {
  const { mayBeOffline = true, keepDraft, parts, workers } = options;
  const request = await readBatch(spec, options, "planBatch", ["mayBeOffline", "keepDraft"]);
  const size = readPartSize({ files: parts?.files, bytes: parts?.bytes, workers }, "planBatch", partNames);
  return inLibrarySession(options, async (session) => {
    const plan = (): Promise<PlannedRun> =>
      size === undefined
        ? planRun(session, request, { mayBeOffline })
        : planParts(session, request, size, { mayBeOffline });
    const planned = await plan();
    if (keepDraft !== true) dropDraft(planned);
    return toBatchPlan(planned, request);
  });
}

/**
 * Stops a path that no table can be written to, before anything is planned or paid.
 * @param inputs files that are read, and may not be written over
 * @throws BAD_OUTPUT, OUTPUT_IS_INPUT
 */
export async function checkOutput(path: string, inputs: readonly string[] = []): Promise<void> {
  await checkOutputPath(path, inputs);
}

/** What a few rows gave. */
export interface TriedBatch<Row extends object, Output> {
  readonly rows: readonly ResultRow<Row, Output>[];
  /** Rows that the model refused or could not answer. */
  readonly failedCount: number;
  /** Reported by the service; undefined where an answer came without. */
  readonly usage: Usage | undefined;
  /** US dollars on demand: 0 on the local service; undefined where price or usage is not known. */
  readonly paidUsd: number | undefined;
  /** On the local service: what it would cost on AWS. */
  readonly wouldCostUsd?: number;
  /** The model as the region has it. */
  readonly model: ModelChoice;
  readonly origin: Origin;
  /** Names of the columns with the answers, in order. */
  readonly answerColumns: readonly string[];
  /** The number of each row in the table, from 1. */
  readonly rowNumbers: readonly number[];
  /** Of the first row that failed: what was said, and what that means. */
  readonly firstError?: string;
  readonly explanation?: Explanation;
}

/**
 * Sends the first rows on demand, at the full price, and reads the answers as a run would. Keeps nothing.
 * @param options `limit` rows, 3 where it is left out
 * @throws what planBatch throws; SERVICE_REFUSED, THROTTLED, UNREACHABLE
 */
export async function tryRows<Row extends object, const Output = undefined>(
  spec: Batch<Row, Output>,
  options: BatchOptions = {},
): Promise<TriedBatch<Row, Output>> {
  const request = await readBatch(spec, options, "tryRows");
  return inLibrarySession(options, async (session) => {
    const tried = await askRows(session, request, options.limit ?? 3);
    const { inputTokens, outputTokens, costUsd, model, origin, answerColumns, rowNumbers, firstError } = tried;
    const isLocal = origin.kind === "local";
    return {
      rows: tried.rows as unknown as readonly ResultRow<Row, Output>[],
      failedCount: tried.failedCount,
      usage: inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens },
      paidUsd: isLocal ? 0 : costUsd,
      ...{ model, origin, answerColumns, rowNumbers },
      ...defined({
        wouldCostUsd: isLocal ? costUsd : undefined,
        firstError,
        explanation: firstError === undefined ? undefined : explainMessage(firstError),
      }),
    };
  });
}
