import type { RecordSummary, RunPack } from "../../foundation/types/index.ts";
import { findTokenRule } from "../../models/rules/token-rules.ts";
import { bodySql, type RequestShape } from "../body-sql.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import { keyTokens, makePackHead, makePackTail, toPackShape } from "./pack-request.ts";

/**
 * Input tokens of records, were they packed: estimated from what they have alone, without making a request.
 * @param summary of the records, each alone
 */
export function estimatePackedInput(
  shape: RequestShape,
  pack: RunPack,
  { recordCount, inputTokens }: Pick<RecordSummary, "recordCount" | "inputTokens">,
): number {
  const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
  const tokensOf = (text: string): number => estimateTokens(text, lettersPerToken);
  const shared = pack.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  const alone = tokensOf(`${bodySql(shape).fixedText}${shared}`) + frameTokens.expected;
  const packed =
    tokensOf(`${bodySql(toPackShape(shape, pack)).fixedText}${makePackHead(pack)}${makePackTail(pack)}`) +
    frameTokens.expected;
  const own = Math.max(0, inputTokens - recordCount * alone);
  return own + recordCount * keyTokens + Math.ceil(recordCount / pack.rowsPerRequest) * packed;
}
