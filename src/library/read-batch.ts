import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { parseRunOptions, type RunOptions } from "../foundation/options/run-options.ts";
import type { StructuredOutput } from "../foundation/types/index.ts";
import { type BatchSpec, isBatchSpec } from "../prompt/define-batch.ts";
import type { TextRow } from "../prompt/prompt.ts";
import { readSpec } from "../prompt/read-spec.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { readRequestFiles, toRunRequest } from "../run/plan/read-request.ts";
import type { RunBatchOptions } from "./batch-options.ts";
import { toRunOptions } from "./to-run-options.ts";

/** The files and settings that make a batch. What is given here wins over what the prompt file or the spec says. */
export interface BatchFiles {
  /** A spec (.ts, .js), which has its prompt in it; or a table: a path, a glob, or `run:` and an earlier run. */
  readonly source: string;
  /** A prompt file. */
  readonly promptFile?: string;
  /** The prompt itself, with `{{column}}` in it. */
  readonly prompt?: string;
  /** The table has ready request bodies, in this column; `true`: in `modelInput`. */
  readonly raw?: string | boolean;
  /** A file with the JSON Schema of the answers. */
  readonly schema?: string;
  readonly system?: string;
  /** An alias, a model id, an inference profile id or an ARN. */
  readonly model?: string;
  /** How requests are written, for a model that is not in the catalogue. */
  readonly family?: string;
  readonly name?: string;
  /** The length of a vector, for embedding models. */
  readonly dimensions?: number;
  readonly invocation?: "model" | "converse";
  readonly structured?: StructuredOutput;
}

/** A batch that was read from files; the verbs take it as they take a `BatchSpec`. */
export class LoadedBatch {
  /** What messages call the table. */
  readonly table: string;
  /** Where the prompt stands. */
  readonly promptSource: string;
  readonly #withOptions: (options: RunOptions) => RunRequest;

  /** @internal Made by `loadBatch`. */
  constructor(table: string, promptSource: string, withOptions: (options: RunOptions) => RunRequest) {
    this.table = table;
    this.promptSource = promptSource;
    this.#withOptions = withOptions;
  }

  /** @internal */
  toRequest(options: RunOptions): RunRequest {
    return this.#withOptions(options);
  }
}

/**
 * Reads a batch from files: a spec, or a table with a prompt file. Nothing is opened but prompt and spec.
 * @example
 * ```ts
 * const plan = await planBatch(await loadBatch({ source: "reviews.csv", promptFile: "sentiment.md" }), { local: true });
 * ```
 * @throws NO_SUCH_FILE, BAD_PROMPT, BAD_SPEC, BAD_SCHEMA, BAD_OPTIONS
 */
export async function loadBatch(files: BatchFiles): Promise<LoadedBatch> {
  const { source, promptFile, schema, dimensions, ...same } = files;
  const input = {
    first: source,
    ...same,
    ...defined({ second: promptFile, output: schema, dimensions: dimensions?.toString() }),
  };
  const withOptions = await readRequestFiles(input);
  const { table, prompt } = withOptions(parseRunOptions({}, "loadBatch"));
  return new LoadedBatch(table, prompt.source, withOptions);
}

/** A batch that a program declares, or that was read from files. */
export type Batch<Row extends object = TextRow, Output = unknown> = BatchSpec<Row, Output> | LoadedBatch;

/**
 * The request of a batch within a verb's options.
 * @param own names of options that are the verb's alone @throws BAD_OPTIONS and BAD_SPEC with every problem, BAD_SCHEMA, BAD_PROMPT
 */
export async function readBatch<Row extends object, Output>(
  batch: Batch<Row, Output>,
  given: RunBatchOptions,
  verb: string,
  own: readonly string[] = [],
): Promise<RunRequest> {
  const options = toRunOptions(given, verb, own);
  if (batch instanceof LoadedBatch) return batch.toRequest(options);
  if (!isBatchSpec(batch)) {
    throw new HalfpriceError("BAD_SPEC", { path: "the batch", problems: ["it is not what defineBatch makes"] });
  }
  return toRunRequest(readSpec(batch, { source: "the batch", text: String(batch.prompt) }), options);
}
