import type { Usage } from "../foundation/types/index.ts";
import type { BatchSpec } from "../prompt/define-batch.ts";
import { planParts } from "../run/parts/plan-parts.ts";
import { dropDraft, planRun } from "../run/plan/plan-run.ts";
import { tryRows as askRows } from "../run/try/try-rows.ts";
import { type BatchOptions, type RunBatchOptions, toRunOptions } from "./batch-options.ts";
import { type BatchPlan, toBatchPlan } from "./batch-plan.ts";
import { inLibrarySession } from "./library-session.ts";
import { partNames, readPartSize } from "./parts/part-size.ts";
import { readBatch } from "./read-batch.ts";
import type { ResultRow } from "./result-rows.ts";

/**
 * What a batch would do and cost. Spends nothing and keeps nothing; nothing is uploaded. Without credentials or a network it goes by
 * documented limits and the catalogue's prices: `offline` says why.
 * @example
 * ```ts
 * const { cost, recordCount, problems } = await planBatch(sentiment, { local: true });
 * ```
 * @throws BAD_SPEC, BAD_OPTIONS; what makes a plan impossible: NO_SUCH_FILE, BROKEN_TABLE, UNKNOWN_COLUMN, PROMPT_FAILED, UNKNOWN_MODEL and their like
 */
export async function planBatch<Row extends object, const Output = undefined>(
  spec: BatchSpec<Row, Output>,
  options: BatchOptions & Pick<RunBatchOptions, "parts"> = {},
): Promise<BatchPlan> {
  const request = readBatch(spec, toRunOptions(options, "planBatch"));
  const { files, bytes } = options.parts ?? {};
  const size = readPartSize({ files, bytes }, "planBatch", partNames);
  return inLibrarySession(options, async (session) => {
    const planned = await (size === undefined
      ? planRun(session, request, { mayBeOffline: true })
      : planParts(session, request, size, { mayBeOffline: true }));
    dropDraft(planned);
    return toBatchPlan(planned, request);
  });
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
}

/**
 * Sends the first rows on demand, at the full price, and reads the answers as a run would. Keeps nothing.
 * @param options `limit` rows, 3 where it is left out
 * @throws what planBatch throws; SERVICE_REFUSED, THROTTLED, UNREACHABLE
 */
export async function tryRows<Row extends object, const Output = undefined>(
  spec: BatchSpec<Row, Output>,
  options: BatchOptions = {},
): Promise<TriedBatch<Row, Output>> {
  const request = readBatch(spec, toRunOptions(options, "tryRows"));
  return inLibrarySession(options, async (session) => {
    const tried = await askRows(session, request, options.limit ?? 3);
    const { inputTokens, outputTokens, costUsd } = tried;
    const isLocal = tried.origin.kind === "local";
    return {
      rows: tried.rows as unknown as readonly ResultRow<Row, Output>[],
      failedCount: tried.failedCount,
      usage: inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens },
      paidUsd: isLocal ? 0 : costUsd,
      ...(isLocal && costUsd !== undefined ? { wouldCostUsd: costUsd } : {}),
    };
  });
}
