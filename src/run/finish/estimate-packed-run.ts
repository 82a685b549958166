import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import { isError } from "../../foundation/errors/index.ts";
import { estimatePackedInput } from "../../requests/packs/estimate-packed.ts";
import { keyTokens, makeRunPack, type PackWish } from "../../requests/packs/pack-request.ts";
import { recordFiles } from "../../requests/record-files.ts";
import type { FinishedRun } from "./finish-run.ts";
import { shapeOf } from "./judge-run.ts";

/** What a run's rows would take, were they packed. */
export interface PackedTokens {
  readonly rowsPerRequest: number;
  /** The part of the input tokens that is left, at about. */
  readonly inputRatio: number;
  /** Tokens more of each answer: its row's key. */
  readonly outputTokensMore: number;
}

/** Estimates what is left of a run's input tokens with `rowsPerRequest` rows in a request; undefined where rows of its kind cannot share one. */
export async function estimatePackedRun(
  engine: Engine,
  { run, plan, paths }: FinishedRun,
  prompt: PackWish["prompt"],
  rowsPerRequest: number,
): Promise<PackedTokens | undefined> {
  const shape = shapeOf(run);
  try {
    const pack = makeRunPack({ prompt, shape, rowsPerRequest, maxOutputTokens: plan.model.maxOutputTokens });
    if (pack.rowsPerRequest === 1) return undefined;
    const [sum = {}] = await engine.rows(`
      SELECT count(*) AS records, coalesce(sum(tokens), 0)::BIGINT AS tokens FROM (
        SELECT any_value(input_tokens) AS tokens FROM read_parquet(${quoteText(join(paths.directory, recordFiles.records))})
        WHERE record_id IS NOT NULL GROUP BY record_id)`);
    const summary = { recordCount: Number(sum["records"]), inputTokens: Number(sum["tokens"]) };
    const inputRatio = estimatePackedInput(shape, pack, summary) / Math.max(1, summary.inputTokens);
    return { rowsPerRequest: pack.rowsPerRequest, inputRatio, outputTokensMore: keyTokens };
  } catch (error) {
    if (isError(error, "PACK_REFUSED")) return undefined;
    throw error;
  }
}
