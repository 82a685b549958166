import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { quoteText } from "../../engine/sql.ts";
import type { JobLimits, ModelChoice, PackPlan, RunPack } from "../../foundation/types/index.ts";
import { boundAnswer } from "../../plan/bound-answer.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { unsentFile } from "../../requests/exclude-records.ts";
import type { SentRecords } from "../../requests/measure-sent.ts";
import { makeRunPack } from "../../requests/packs/pack-request.ts";
import { writePacks } from "../../requests/packs/write-packs.ts";
import type { PlanContext } from "./plan-context.ts";
import type { RenderedRecords } from "./render-records.ts";
import type { RecordsLeft } from "./reuse-answers.ts";

/** The most rows of a request that `auto` may take; a plan by itself shows what that would cost. */
export const mostByItself = 50;

/** What is sent of a packed run. */
export interface PackedRecords {
  readonly pack: RunPack;
  readonly plan: PackPlan;
  /** Requests in place of records. */
  readonly sent: SentRecords;
}

/** How rows of this kind share requests. @throws PACK_REFUSED */
export function chooseRunPack(
  { request: { prompt }, chosen: { choice } }: Pick<PlanContext, "request" | "chosen">,
  shape: RequestShape,
  rowsPerRequest: number,
): RunPack {
  const { maxTokens } = shape.parameters;
  const bound = shape.output === undefined ? undefined : boundAnswer(shape.output);
  return makeRunPack({
    prompt,
    shape,
    rowsPerRequest,
    maxOutputTokens: choice.maxOutputTokens,
    answerTokens: Math.min(maxTokens, bound ?? maxTokens),
  });
}

/** Makes requests of what is left to be sent, several rows in each; undefined where rows are asked alone. */
export async function packRecords(
  context: PlanContext,
  { shape }: RenderedRecords,
  { summary }: RecordsLeft,
  engine: Engine,
): Promise<PackedRecords | undefined> {
  const { request, chosen, limits, paths, session } = context;
  const { pack: asked } = request.options;
  if (asked === undefined || shape.items === undefined) return undefined;
  const wanted = asked === "auto" ? mostByItself : asked;
  const widest = chooseRunPack(context, shape, wanted);
  const notes = widest.rowsPerRequest < wanted ? [sayOutputLimit(chosen.choice, widest.rowsPerRequest)] : [];
  const most = findMostRows(summary.recordCount, limits, chosen.choice);
  if (most < widest.rowsPerRequest)
    notes.push(
      `More than ${most} rows in a request would leave fewer than ${limits.minRecordsPerJob} requests, which a batch job needs.`,
    );
  const pack = most < widest.rowsPerRequest ? chooseRunPack(context, shape, most) : widest;
  session.onStep("packing rows into requests");
  const unsent = join(paths.directory, unsentFile);
  const sent = await writePacks({
    ...{ engine, shape, pack, directory: paths.directory, recordCount: summary.recordCount },
    unsent: existsSync(unsent) ? `read_parquet(${quoteText(unsent)})` : undefined,
    contextTokens: chosen.choice.contextTokens,
  });
  return { pack, plan: { rowsPerRequest: pack.rowsPerRequest, asked, requestCount: sent.recordCount, notes }, sent };
}

const sayOutputLimit = ({ label, maxOutputTokens }: ModelChoice, rows: number): string =>
  `${label} gives at most ${(maxOutputTokens ?? 0).toLocaleString("en-US")} tokens in one answer, room for ${rows} of these rows; a lower --max-tokens, or a schema of labels and numbers alone, makes room for more.`;

/** A job needs so many requests; rows that make one alone are not to be too few for it because they share requests. */
function findMostRows(recordCount: number, { minRecordsPerJob }: JobLimits, { noBatch }: ModelChoice): number {
  if (noBatch !== undefined || recordCount < minRecordsPerJob) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(recordCount / minRecordsPerJob));
}
