import { makeReadNumber } from "../../config/read-number.ts";
import { type MatchMode, matchModes } from "../../eval/match.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import {
  type CandidateRequest,
  type CompareRequest,
  type JudgedBy,
  usualSample,
  usualWithin,
} from "../../library/compare/types.ts";
import type { RunFlags } from "../options.ts";
import { readCommandRequest } from "../read-command-request.ts";

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

/** What is compared, of the words and options of a command line. @throws BAD_OPTIONS with all problems, NO_SUCH_FILE */
export async function readCompareRequest(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags & CompareFlags,
): Promise<CompareRequest> {
  const problems: string[] = [];
  const models = split(flags.models ?? flags.model);
  if (models.length === 0)
    problems.push("--models is missing: the candidates, comma-separated, as in --models claude-haiku-4.5,nova-micro");
  const judgedBy = readJudgedBy(flags, models, problems);
  const number = makeReadNumber(problems);
  const count = number("--sample", flags.sample, 1, Infinity, true) ?? usualSample;
  const seed = number("--seed", flags.seed, 0, Infinity, true) ?? 1;
  const atLeast = readShare("--at-least", flags.atLeast, problems);
  const within = readShare("--within", flags.within, problems);
  const maxCostUsd = number("--max-cost", flags.maxCost, 0, Infinity, false);
  const mode = readMode(flags.match, problems);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  const candidates = await readCandidates(first, second, flags, models);
  if (candidates.length < 2)
    throw new HalfpriceError("BAD_OPTIONS", {
      problems: ["there is one candidate; --models or --prompts names more"],
      command,
    });
  const goal = atLeast === undefined && within === undefined ? usualWithin : within;
  return {
    ...{ candidates, sample: { count, seed }, judgedBy, matching: { mode } },
    ...(flags.answer === undefined ? {} : { answer: flags.answer }),
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(goal === undefined ? {} : { within: goal }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}

const split = (text: string | undefined): string[] =>
  [...new Set((text ?? "").split(",").map((each) => each.trim()))].filter((each) => each !== "");

async function readCandidates(
  first: string | undefined,
  second: string | undefined,
  flags: RunFlags & CompareFlags,
  models: readonly string[],
): Promise<CandidateRequest[]> {
  const { sample: _, seed: __, model: ___, maxCost: ____, answers: _____, ...rest } = flags;
  const files = [...new Set([...(second === undefined ? [undefined] : [second]), ...split(flags.prompts)])];
  const candidates: CandidateRequest[] = [];
  for (const file of files) {
    // A prompt on the line, or in a spec, is there without a file.
    const { prompt, ...others } = rest;
    const own = file === undefined || prompt === undefined ? rest : others;
    const isLeftOut =
      file === undefined && prompt === undefined && flags.prompts !== undefined && !/\.[cm]?[jt]s$/.test(first ?? "");
    if (isLeftOut) continue;
    const request = await readCommandRequest(first, file, own, command);
    for (const model of models)
      candidates.push({ model, prompt: file ?? request.prompt.source, request: { ...request, model } });
  }
  return candidates;
}

function readJudgedBy(
  { gold, reference, judge, judgeModel }: CompareFlags,
  models: readonly string[],
  problems: string[],
): JudgedBy {
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
  if (reference !== undefined) return { kind: "reference", model: reference };
  if (judge !== undefined) return { kind: "judge", rubric: judge, model: judgeModel ?? "" };
  return { kind: "gold", column: gold ?? "" };
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
