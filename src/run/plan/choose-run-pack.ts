import type { RunPack } from "../../foundation/types/index.ts";
import type { RequestShape } from "../../requests/body-sql.ts";
import { makeRunPack } from "../../requests/packs/pack-request.ts";
import type { PlanContext } from "./plan-context.ts";

/** How rows of this kind share requests. @throws PACK_REFUSED */
export function chooseRunPack(
  { request: { prompt }, chosen: { choice } }: Pick<PlanContext, "request" | "chosen">,
  shape: RequestShape,
  rowsPerRequest: number,
): RunPack {
  return makeRunPack({ prompt, shape, rowsPerRequest, maxOutputTokens: choice.maxOutputTokens });
}
