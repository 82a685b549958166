import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command, type Option } from "commander";
import { describeCatalogue, recipes } from "../../admin.ts";
import { defined } from "../../foundation/defined.ts";
import { matchModes } from "../../foundation/types/index.ts";
import { listRuns, openRun, previewInput, type SessionOptions } from "../../index.ts";

/** A word that may come next, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** The commands, as `main.ts` has them. */
export type CommandTable = Readonly<
  Record<
    string,
    { readonly summary: string; readonly load: () => Promise<{ readonly define: (command: Command) => void }> }
  >
>;

/** Commands whose first word is a run. */
const takesRun = /^(show|watch|resume|collect|retry|stop|clean|report|export|eval)$/;
const columnOptions = /^--(gold|answer|key|select)$/;
const choices: Readonly<Record<string, readonly string[]>> = {
  "--match": matchModes,
  "--below-minimum": ["on-demand", "fail"],
  "--structured": ["prompt", "native"],
  "--invocation": ["model", "converse"],
  "--notify": ["desktop", "command:", "webhook:", "sns:"],
  "--timeout-hours": ["24", "48", "72", "168"],
};

/**
 * What may stand at the end of a command line; nothing where a file may, for which the shell has words of its own.
 * @param words those after `halfprice`, the last one being written
 */
export async function complete(words: readonly string[], commands: CommandTable): Promise<Candidate[]> {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const found = await findCandidates(current, before, commands);
  return found.filter(({ word }) => word.startsWith(current));
}

async function findCandidates(
  current: string,
  before: readonly string[],
  commands: CommandTable,
): Promise<Candidate[]> {
  const [name] = before;
  if (name === undefined) return Object.entries(commands).map(([word, { summary }]) => ({ word, about: summary }));
  const command = commands[name];
  if (command === undefined) return [];
  const last = before.at(-1) ?? "";
  if (current.startsWith("-") || last.startsWith("-")) {
    const options = await readOptions(name, command);
    const option = options.find(({ long, short }) => last === long || last === short);
    if (option !== undefined && (option.required || option.optional) && !current.startsWith("-"))
      return completeValue(option.long ?? "", before);
    if (current.startsWith("-"))
      return options.flatMap(({ long, description }) =>
        long === null || long === undefined ? [] : [{ word: long, about: description }],
      );
  }
  const hasWord = before.slice(1).some((word) => !word.startsWith("-"));
  if (takesRun.test(name) && !hasWord) return findRuns(before);
  if (name === "init" && !hasWord)
    return Object.entries(recipes).map(([word, { summary }]) => ({ word, about: summary }));
  if (name === "completions" && !hasWord) return ["bash", "zsh", "fish"].map((word) => ({ word }));
  if (current.startsWith("run:"))
    return (await findRuns(before)).map(({ word, about }) => ({
      word: `run:${word}`,
      ...defined({ about }),
    }));
  return [];
}

async function readOptions(name: string, { load }: CommandTable[string]): Promise<readonly Option[]> {
  const command = new Command(name);
  (await load()).define(command);
  return command.options;
}

async function completeValue(option: string, before: readonly string[]): Promise<Candidate[]> {
  const known = choices[option];
  if (known !== undefined) return known.map((word) => ({ word }));
  if (option === "--model")
    return (await describeCatalogue()).models.map(({ alias, label }) => ({ word: alias, about: label }));
  if (option === "--against") return findRuns(before);
  if (option === "--input") return (await findRuns(before)).map(({ word }) => ({ word: `run:${word}` }));
  if (!columnOptions.test(option)) return [];
  return (await findColumns(option, before)).map((word) => ({ word }));
}

/** The workspace of a command line. The configuration file is not run for a completion. */
function findWorkspace(before: readonly string[]): string {
  const at = before.indexOf("--workspace");
  const given = at === -1 ? undefined : before[at + 1];
  if (given !== undefined) return resolve(given);
  const named = process.env["HALFPRICE_WORKSPACE"];
  if (named !== undefined && named !== "") return resolve(named);
  // As the command itself: beside the configuration, which may be in a folder above.
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".halfprice"))) return join(folder, ".halfprice");
    if (dirname(folder) === folder) return resolve(".halfprice");
  }
}

const findOptions = (before: readonly string[]): SessionOptions => ({
  workspace: findWorkspace(before),
  configFile: false,
});

async function findRuns(before: readonly string[]): Promise<Candidate[]> {
  const runs = await listRuns(findOptions(before));
  const names = new Map<string, string>();
  // A name that several runs have means none of them.
  for (const { name, state } of runs) names.set(name, names.has(name) ? "" : state);
  return [
    ...[...names].flatMap(([word, state]) => (state === "" ? [] : [{ word, about: state }])),
    ...runs.map(({ id, name, state }) => ({ word: id, about: `${name}, ${state}` })),
  ];
}

/** Columns of a table, as a run would read it. */
async function readColumns(path: string): Promise<readonly string[]> {
  return (await previewInput(path, 1)).columns.map((column) => column.name);
}

/** Columns of the run or of the table that the line names; of a gold file for `--gold` where there is one. */
async function findColumns(option: string, before: readonly string[]): Promise<readonly string[]> {
  const at = before.indexOf("--gold-file");
  const goldFile = at === -1 ? undefined : before[at + 1];
  const [name = "", word = ""] = before;
  if (option === "--gold" && goldFile !== undefined) return readColumns(goldFile);
  if (!takesRun.test(name)) return existsSync(word) ? readColumns(word) : [];
  const options = findOptions(before);
  const run = (await listRuns(options)).find((each) => each.id === word || each.name === word);
  if (run === undefined) return [];
  const table = await (await openRun(run.id, options)).table();
  try {
    return table.columns.filter((column) => column.of !== "meta").map((column) => column.name);
  } finally {
    await table.close();
  }
}
