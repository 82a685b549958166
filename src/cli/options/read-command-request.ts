import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import {
  type BatchFiles,
  type LoadedBatch,
  loadBatch,
  type RunBatchOptions,
  type SessionOptions,
} from "../../index.ts";
import { toBatchOptions } from "./batch-options.ts";
import type { RunFlags } from "./options.ts";

/** What a command is to run: the batch, and what of it within which bounds. */
export interface CommandRequest {
  readonly batch: LoadedBatch;
  readonly options: Omit<RunBatchOptions, keyof SessionOptions>;
}

/** A run's request of the words and options of a command line. @throws BAD_OPTIONS and what loadBatch throws */
export async function readCommandRequest(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags,
  command: string,
): Promise<CommandRequest> {
  const options = toBatchOptions(flags, command);
  const { prompt, schema, system, model, family, name, raw, invocation, structured } = flags;
  const names = namesOf(first, second, flags.input, command);
  // Words that are none of those that there are, reading the batch refuses.
  const files = defined({
    ...{ prompt, schema, system, model, family, name, raw, promptFile: names.second },
    invocation: invocation as BatchFiles["invocation"],
    structured: structured as BatchFiles["structured"],
    dimensions: readDimensions(flags.dimensions),
  });
  return { batch: await loadBatch({ source: names.first, ...files }), options };
}

function readDimensions(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,5}$/.test(text)) return text === undefined ? undefined : Number(text);
  const problems = [`--dimensions is ${JSON.stringify(text)}; it has to be a whole number from 1`];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice run" });
}

/** With `--input` the words of the line begin with the prompt. */
function namesOf(
  first: string | undefined,
  second: string | undefined,
  input: string | undefined,
  command: string,
): { first: string; second?: string } {
  const problems: string[] = [];
  if (input === undefined) {
    if (first !== undefined) return { first, ...defined({ second }) };
    problems.push("missing required argument 'table|spec'");
    throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  }
  if (!input.startsWith("run:"))
    problems.push(`--input is ${JSON.stringify(input)}; it has to be run: and a run's id or name`);
  if (second !== undefined) problems.push(`--input is the table; ${second} is one word too many`);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return { first: input, ...defined({ second: first }) };
}
