import type { Engine } from "../../engine/engine.ts";
import { defined } from "../../foundation/defined.ts";
import type { ModelParameters, Table } from "../../foundation/types/index.ts";
import { checkRequests } from "../../requests/check-requests.ts";
import type { ChosenModel, RunRequest } from "./choose-model.ts";

/**
 * Checks ready bodies by the rules of their family before anything is uploaded, unless they were; other prompts are checked by their
 * parameters.
 * @returns the parameters, as the bodies say them
 * @throws UNKNOWN_COLUMN, BAD_REQUESTS, MIXED_REQUESTS
 */
export async function checkRaw(
  engine: Engine,
  table: Table,
  { prompt, table: shownPath, options }: RunRequest,
  { choice: model, family, parameters }: ChosenModel,
): Promise<ModelParameters> {
  if (prompt.kind !== "raw") return parameters;
  const { maxTokens, dimensions } =
    prompt.checked ?? (await checkRequests({ engine, table, prompt, shownPath, family, model }));
  return {
    maxTokens: options.maxTokens ?? maxTokens ?? parameters.maxTokens,
    ...defined({ dimensions }),
  };
}
