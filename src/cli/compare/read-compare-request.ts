import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeReadNumber } from "../../foundation/options/read-number.ts";
import { type MatchMode, matchModes } from "../../foundation/types/index.ts";
import type { CompareOptions, LoadedBatch, SessionOptions } from "../../index.ts";
import type { RunFlags } from "../options/options.ts";
import { readCommandRequest } from "../options/read-command-request.ts";

/** The options of a comparison. */
export interface CompareFlags {
  readonly models?: string;
  readonly prompts?: string;
  readonly gold?: string;
  readonly reference?: string;
  readonly judge?: string;
  readonly judgeModel?: string;
  readonly answer?: string;
  readonly match?: string;
  readonly atLeast?: string;
  readonly within?: string;
}

const command = "halfprice compare-models";

/** What is compared, and by what. */
export interface CommandComparison {
  readonly batch: LoadedBatch;
  readonly options: Omit<CompareOptions, keyof SessionOptions>;
}

/** What is compared, of the words and options of a command line. @throws BAD_OPTIONS with all problems, NO_SUCH_FILE */
export async function readCompareRequest(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags & CompareFlags,
): Promise<CommandComparison> {
  const problems: string[] = [];
  const models = split(flags.models ?? flags.model);
  if (models.length === 0)
    problems.push("--models is missing: the candidates, comma-separated, as in --models claude-haiku-4.5,nova-micro");
  const judgedBy = readJudgedBy(flags, models, problems);
  const number = makeReadNumber(problems);
  const count = number("--sample", flags.sample, 1, Infinity, true);
  const seed = number("--seed", flags.seed, 0, Infinity, true);
  const atLeast = readShare("--at-least", flags.atLeast, problems);
  const within = readShare("--within", flags.within, problems);
  const maxCostUsd = number("--max-cost", flags.maxCost, 0, Infinity, false);
  const match = readMode(flags.match, problems);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  const { batches, ofEach } = await readCandidates(first, second, flags);
  const [batch, ...prompts] = batches;
  if (batch === undefined || batches.length * models.length < 2)
    throw new HalfpriceError("BAD_OPTIONS", {
      problems: ["there is one candidate; --models or --prompts names more"],
      command,
    });
  const goal = defined({ answer: flags.answer, atLeast, within, maxCostUsd });
  const sample = defined({ count, seed });
  return { batch, options: { ...ofEach, ...judgedBy, ...goal, models, prompts, match, sample } };
}

const split = (text: string | undefined): string[] =>
  [...new Set((text ?? "").split(",").map((each) => each.trim()))].filter((each) => each !== "");

/** The batch with each of its prompts, and the options that are the same for all. */
async function readCandidates(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags & CompareFlags,
): Promise<{
  readonly batches: readonly LoadedBatch[];
  readonly ofEach: Omit<CompareOptions, keyof SessionOptions | "models">;
}> {
  const { sample: _, seed: __, model: ___, maxCost: ____, answers: _____, ...rest } = flags;
  const files = [...new Set([...(second === undefined ? [undefined] : [second]), ...split(flags.prompts)])];
  const batches: LoadedBatch[] = [];
  let ofEach = {};
  for (const file of files) {
    // A prompt on the line, or in a spec, is there without a file.
    const { prompt, ...others } = rest;
    const own = file === undefined || prompt === undefined ? rest : others;
    const isLeftOut =
      file === undefined && prompt === undefined && flags.prompts !== undefined && !/\.[cm]?[jt]s$/.test(first ?? "");
    if (isLeftOut) continue;
    const { batch, options } = await readCommandRequest(first, file, own, command);
    batches.push(batch);
    ofEach = options;
  }
  return { batches, ofEach };
}

function readJudgedBy(
  { gold, reference, judge, judgeModel }: CompareFlags,
  models: readonly string[],
  problems: string[],
): Pick<CompareOptions, "gold" | "reference" | "judge"> {
  const given = [gold, reference, judge].filter((each) => each !== undefined).length;
  if (given !== 1)
    problems.push(
      given === 0
        ? "what is right? --gold <column>, or --reference <model>, or --judge <rubric> --judge-model <model>"
        : "--gold, --reference and --judge are three ways to say what is right; give one",
    );
  if ((judge === undefined) !== (judgeModel === undefined))
    problems.push("--judge <rubric> and --judge-model <model> go together");
  if (reference !== undefined && !models.includes(reference))
    problems.push(`--reference is ${reference}; it has to be one of --models: ${models.join(", ")}`);
  if (reference !== undefined) return { reference };
  return judge === undefined ? defined({ gold }) : { judge: { rubric: judge, model: judgeModel ?? "" } };
}

function readShare(option: string, text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  problems.push(`${option} is ${JSON.stringify(text)}; it has to be a share from 0 to below 1, as in 0.88`);
  return undefined;
}

function readMode(text: string | undefined, problems: string[]): MatchMode {
  const mode = matchModes.find((each) => each === (text ?? "exact"));
  if (mode === undefined)
    problems.push(`--match is ${JSON.stringify(text)}; it has to be one of ${matchModes.join(", ")}`);
  return mode ?? "exact";
}
