import { parseRunOptions } from "../config/run-options.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type RunRequest } from "../run/plan/choose-model.ts";
import { readRequest } from "../run/plan/read-request.ts";
import type { RunFlags } from "./options.ts";

/** A run's request of the words and options of a command line. @throws BAD_OPTIONS and what readRequest throws */
export async function readCommandRequest(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags,
  command: string,
): Promise<RunRequest> {
  const options = parseRunOptions(flags, command);
  const { prompt, schema, system, model, family, name, raw, invocation, structured, dimensions } = flags;
  return readRequest(
    {
      ...namesOf(first, second, flags.input, command),
      ...(raw === undefined ? {} : { raw }),
      ...(invocation === undefined ? {} : { invocation }),
      ...(structured === undefined ? {} : { structured }),
      ...(dimensions === undefined ? {} : { dimensions }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(schema === undefined ? {} : { output: schema }),
      ...(system === undefined ? {} : { system }),
      ...(model === undefined ? {} : { model }),
      ...(family === undefined ? {} : { family }),
      ...(name === undefined ? {} : { name }),
    },
    options,
  );
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
    if (first !== undefined) return { first, ...(second === undefined ? {} : { second }) };
    problems.push("missing required argument 'table|spec'");
    throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  }
  if (!input.startsWith("run:"))
    problems.push(`--input is ${JSON.stringify(input)}; it has to be run: and a run's id or name`);
  if (second !== undefined) problems.push(`--input is the table; ${second} is one word too many`);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return { first: input, ...(first === undefined ? {} : { second: first }) };
}
