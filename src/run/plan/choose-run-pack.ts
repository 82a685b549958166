import type { RunPack } from "../../foundation/types/index.ts";
import { boundAnswer } from "../../plan/bound-answer.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { makeRunPack } from "../../requests/packs/pack-request.ts";
import type { PlanContext } from "./plan-context.ts";

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
