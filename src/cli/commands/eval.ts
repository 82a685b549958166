import { type Command, Option } from "commander";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { formatUsd } from "../../foundation/format.ts";
import { findNearest } from "../../foundation/nearest-name.ts";
import { type Matching, type MatchMode, matchModes } from "../../foundation/types/index.ts";
import { type EvaluateOptions, evaluateRun, type JudgeOptions, judgeRun } from "../../index.ts";
import { askOrRefuse } from "../ask.ts";
import { formatShare, printEvaluation, printVerdicts } from "../display/print-evaluation.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import { toBatchOptions } from "../options/batch-options.ts";
import { addCommonOptions, addPlaceOptions, type CommonFlags, type PlaceFlags } from "../options/options.ts";
import { parseTargets } from "../options/parse-targets.ts";
import { toSessionOptions } from "../options/session-options.ts";
import { formatPlan } from "../print-plan.ts";
import { openTerminal } from "../terminal.ts";

type EvalFlags = CommonFlags & {
  readonly gold?: string;
  readonly goldFile?: string;
  readonly key?: string;
  readonly answer?: string;
  readonly against?: string;
  readonly match?: string;
  readonly tolerance?: string;
  readonly atLeast?: readonly string[];
  readonly output?: string;
  readonly judge?: string;
  readonly judgeModel?: string;
  readonly maxCost?: string;
  readonly belowMinimum?: string;
} & PlaceFlags;

export function define(command: Command): void {
  command
    .argument("<run>", "a run's id, the start of one, or its name")
    .option("--gold <column>", "the column that holds what is right")
    .option("--gold-file <file>", "another table with the gold column")
    .option("--key <column>", "column that finds a row in the gold file or the other run (default: rows in order)")
    .option("--answer <column>", "the answer column; may be left out where there is one")
    .option("--against <run>", "compare with another run on the same rows; without --gold, with its answers as gold")
    .option("--match <how>", `when an answer is right: ${matchModes.join(", ")} (default: exact)`)
    .option("--tolerance <number>", "with --match number: how far from gold, as 0.5 or 2% (default: 0)")
    .addOption(
      new Option(
        "--at-least <figure=number>",
        "exit 4 unless the low end of the interval is at least that; may be repeated",
      ).argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .option("-o, --output <file>", "every row with gold, answer and whether it is right (.parquet, .csv, .jsonl)");
  command
    .option(
      "--judge <rubric>",
      "ask a model whether each answer meets a rubric, a text file; with --against, which of two is better",
    )
    .option("--judge-model <model>", "the judge: alias, model id, inference profile id or ARN")
    .option("--max-cost <usd>", "stop where the judge's upper estimate is over it")
    .option("--below-minimum <how>", "questions to the judge that no job takes: on-demand or fail (default: fail)");
  addPlaceOptions(addCommonOptions(command));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice eval reviews --gold label --answer sentiment --at-least accuracy=0.92\n  halfprice eval haiku --against sonnet --gold label --answer sentiment\n  halfprice eval reviews --answer summary --judge rubric.md --judge-model claude-sonnet-4.6",
  );
  command.action(async (run: string, flags: EvalFlags) => {
    if (flags.judge !== undefined || flags.judgeModel !== undefined) return judge(run, flags);
    const request = readEvalRequest(flags);
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const evaluation = await evaluateRun(run, { ...toSessionOptions(flags), ...request });
    if (flags.json === true) printJson(terminal, evaluation);
    else printEvaluation(terminal, evaluation);
    const missed = evaluation.atLeast.filter(({ isMet }) => !isMet);
    if (missed.length === 0) return;
    const problems = missed.map(
      ({ name, figure, least }) => `${name} is ${formatShare(figure)}; asked for at least ${least}`,
    );
    throw new HalfpriceError("BELOW_TARGET", { runId: evaluation.runId, problems });
  });
}

/** A judge instead of gold. @throws BAD_OPTIONS; BELOW_TARGET */
async function judge(run: string, flags: EvalFlags): Promise<void> {
  const { judge: rubric, judgeModel } = flags;
  const problems = [
    ...(rubric === undefined ? ["--judge-model needs --judge <rubric>: what the judge goes by"] : []),
    ...(judgeModel === undefined ? ["--judge needs --judge-model <model>: who judges"] : []),
    ...(["gold", "goldFile", "key", "match", "tolerance", "output"] as const).flatMap((name) =>
      flags[name] === undefined
        ? []
        : [`--${name.replace("F", "-f")} is for a comparison with gold, and not for a judge`],
    ),
  ];
  const targets = parseTargets(flags.atLeast ?? []);
  if (targets.some(({ name }) => name !== "accuracy")) problems.push("--at-least takes accuracy alone with a judge");
  if (rubric === undefined || judgeModel === undefined || problems.length > 0)
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice eval" });
  const { maxCost, belowMinimum } = flags;
  const bounds = toBatchOptions(defined({ maxCost, belowMinimum }), "halfprice eval");
  await inSession(flags, async (opened) => {
    const { answer, against } = flags;
    const verdicts = await judgeRun(run, {
      ...opened.options,
      ...{ rubric, model: judgeModel, ...bounds, ...defined({ answer, against }) },
      ...askFirst(opened, flags),
    });
    opened.progress.end();
    const { accuracy } = verdicts;
    const atLeast = targets.map(({ name, least }) => ({
      name,
      least,
      figure: accuracy,
      isMet: accuracy.low !== null && accuracy.low >= least,
    }));
    if (flags.json === true) printJson(opened.terminal, { ...verdicts, atLeast });
    else printVerdicts(opened.terminal, verdicts);
    const missed = atLeast
      .filter(({ isMet }) => !isMet)
      .map(({ name, least }) => `${name} is ${formatShare(accuracy)}; asked for at least ${least}`);
    if (missed.length > 0) throw new HalfpriceError("BELOW_TARGET", { runId: verdicts.runId, problems: missed });
  });
}

/** The judge's plan and price are shown and allowed before it is asked. */
function askFirst(
  { terminal, progress }: CommandSession,
  flags: EvalFlags,
): Required<Pick<JudgeOptions, "onPlan" | "confirm">> {
  const show = flags.json === true ? terminal.note : terminal.print;
  return {
    onPlan(plan, { runId, otherId }) {
      progress.end();
      const shown = `answers of ${runId}${otherId === undefined ? "" : ` and ${otherId}, in both orders`}`;
      for (const line of formatPlan(plan, shown)) show(line);
      show("");
    },
    async confirm({ cost }) {
      progress.end();
      if (flags.yes === true || flags.local === true) return true;
      const price =
        cost === undefined
          ? "a price that is not known"
          : `about ${formatUsd(cost.expected)}, at most ${formatUsd(cost.high)}`;
      await askOrRefuse(terminal, `Ask the judge for ${price}?`);
      return true;
    },
  };
}

/** @throws BAD_OPTIONS with all problems at once */
function readEvalRequest(flags: EvalFlags): EvaluateOptions {
  const { gold, goldFile, key, answer, against, output } = flags;
  const problems: string[] = [];
  if (goldFile !== undefined && gold === undefined)
    problems.push("--gold-file needs --gold <column>: which of its columns is right");
  if (key !== undefined && goldFile === undefined && against === undefined)
    problems.push("--key is for --gold-file and --against; gold in the run's own table needs none");
  const { mode: match, tolerance } = readMatching(flags, problems);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice eval" });
  const atLeast = parseTargets(flags.atLeast ?? []);
  return { match, atLeast, ...defined({ gold, goldFile, key, answer, against, output, tolerance }) };
}

function readMatching({ match = "exact", tolerance }: EvalFlags, problems: string[]): Matching {
  const mode = matchModes.find((each) => each === match);
  if (mode === undefined) {
    const nearest = findNearest(match, matchModes);
    problems.push(
      `--match is ${JSON.stringify(match)}; it has to be one of ${matchModes.join(", ")}${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
    );
  }
  if (tolerance === undefined) return { mode: mode ?? "exact" };
  if (mode !== "number") problems.push("--tolerance is for --match number");
  const found = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)$/i.exec(tolerance.trim());
  if (found === null)
    problems.push(
      `--tolerance is ${JSON.stringify(tolerance)}; it has to be a number as 0.5, or a percentage of gold as 2%`,
    );
  const isRatio = found?.[2] === "%";
  return {
    mode: mode ?? ("number" satisfies MatchMode),
    tolerance: { distance: Number(found?.[1] ?? 0) / (isRatio ? 100 : 1), isRatio },
  };
}
