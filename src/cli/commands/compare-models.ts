import type { Command } from "commander";
import { formatUsd } from "../../foundation/format.ts";
import { type ComparisonPlan, compareModels } from "../../index.ts";
import { askOrRefuse } from "../ask.ts";
import { formatComparison, formatComparisonPlan } from "../compare/print-comparison.ts";
import { type CompareFlags, readCompareRequest } from "../compare/read-compare-request.ts";
import { explainInterrupt } from "../display/interrupted.ts";
import { describeCost } from "../json/describe-money.ts";
import { printJson } from "../json/print-json.ts";
import { type CommandSession, inSession } from "../open-session.ts";
import {
  addCommonOptions,
  addPlaceOptions,
  addPromptOptions,
  addTableOptions,
  type CommonFlags,
  type PlaceFlags,
  type RunFlags,
} from "../options/options.ts";

export function define(command: Command): void {
  command
    .argument("[table|spec]", "a table, a glob of tables in quotes, run:<id>, or a .ts spec")
    .argument("[prompt]", "a prompt file")
    .optionsGroup("Comparison:")
    .option("--models <names>", "the candidates, comma-separated: aliases, model ids, inference profile ids or ARNs")
    .option("--prompts <files>", "further prompt files, comma-separated: each with each model")
    .option("--gold <column>", "the column that holds what is right")
    .option("--reference <model>", "without gold: a candidate whose answers the others are compared with")
    .option("--judge <rubric>", "without gold: a model judges each answer by a rubric, a text file")
    .option("--judge-model <model>", "the judge: alias, model id, inference profile id or ARN")
    .option("--answer <column>", "the answer column; may be left out where there is one")
    .option("--match <how>", "when an answer is right: exact, trimmed, folded, set, number, spans (default: exact)")
    .option("--sample <n>", "rows that are asked, at random (default: 1200)")
    .option("--seed <n>", "another seed takes other rows (default: 1)")
    .option("--at-least <share>", "the share of right answers that a candidate has to be shown to have")
    .option("--within <share>", "how far below the best a candidate may be on the same rows (default: 0.02)")
    .optionsGroup("Cost:")
    .option("--max-cost <usd>", "stop where the upper estimate of all candidates together is over it")
    .option("--max-cost-total <usd>", "the same of all runs of the workspace: spent, reserved and the upper estimate")
    .option("--full-refresh", "ask everything, also what earlier runs of the workspace have answered")
    .option("--route <way>", "batch, or on-demand: at once, at the full price (default: batch)");
  addCommonOptions(addPlaceOptions(addTableOptions(addPromptOptions(command))));
  command.addHelpText(
    "after",
    "\nExample:\n  halfprice compare-models messages.csv classify.md --models claude-haiku-4.5,nova-micro --gold intent --at-least 0.88\n  halfprice compare-models messages.csv short.md --prompts long.md --models nova-micro,nova-lite --gold intent --within 0.01",
  );
  type Flags = CommonFlags & PlaceFlags & RunFlags & CompareFlags;
  command.action(async (first: string | undefined, second: string | undefined, flags: Flags) => {
    const { batch, options } = await readCompareRequest(first, second, flags);
    await inSession(flags, async (opened) => {
      const { terminal, progress } = opened;
      const own = { ...opened.options, ...options };
      const found = await interruptibly(() =>
        compareModels(batch, { ...own, confirm: (plan) => confirm(opened, flags, plan) }),
      );
      progress.end();
      const { costUsd, ...rest } = found;
      if (flags.json === true) printJson(terminal, { ...rest, ...describeCost(found.origin, costUsd) });
      else for (const line of formatComparison(found)) terminal.print(line);
    });
  });
}

async function confirm(
  { terminal, progress }: CommandSession,
  flags: RunFlags,
  plan: ComparisonPlan,
): Promise<boolean> {
  progress.end();
  const show = flags.json === true ? terminal.note : terminal.print;
  for (const line of formatComparisonPlan(plan)) show(line);
  show("");
  if (flags.yes === true || flags.local === true) return true;
  const { costUsd, candidates } = plan;
  const price =
    costUsd === undefined
      ? "a price that is not known"
      : `about ${formatUsd(costUsd.expected)}, at most ${formatUsd(costUsd.high)}`;
  await askOrRefuse(terminal, `Ask ${candidates.length} candidates for ${price}?`);
  return true;
}

/** Ctrl-C leaves the jobs running; the same command goes on with them, and pays for nothing twice. */
async function interruptibly<Result>(work: () => Promise<Result>): Promise<Result> {
  const end = explainInterrupt();
  try {
    return await work();
  } finally {
    end();
  }
}
