import type { RunOptions } from "../config/run-options.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type BatchSpec, isBatchSpec } from "../prompt/define-batch.ts";
import { readSpec } from "../prompt/read-spec.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { toRunRequest } from "../run/plan/read-request.ts";

/** The request of a batch that a program has declared. @throws BAD_SPEC with every problem, BAD_SCHEMA, BAD_PROMPT */
export function readBatch<Row extends object, Output>(spec: BatchSpec<Row, Output>, options: RunOptions): RunRequest {
  if (!isBatchSpec(spec)) {
    throw new HalfpriceError("BAD_SPEC", { path: "the batch", problems: ["it is not what defineBatch makes"] });
  }
  return toRunRequest(readSpec(spec, { source: "the batch", text: String(spec.prompt) }), options);
}
