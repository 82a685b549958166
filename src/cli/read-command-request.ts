import { parseRunOptions, type RunRequest, readRequest } from "../index.ts";
import type { RunFlags } from "./options.ts";

/** A run's request of the words and options of a command line. @throws BAD_OPTIONS and what readRequest throws */
export async function readCommandRequest(
  first: string,
  second: string | undefined,
  flags: RunFlags,
  command: string,
): Promise<RunRequest> {
  const options = parseRunOptions(flags, command);
  const { prompt, schema, system, model, family, name } = flags;
  return readRequest(
    {
      first,
      ...(second === undefined ? {} : { second }),
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
