import type { SetupPlan, SetupReport, SetupStep } from "../admin.ts";
import { formatNumberOf } from "../foundation/format.ts";
import { askOrRefuse } from "./ask.ts";
import { colors } from "./display/colors.ts";
import { diffLines } from "./display/text-diff.ts";
import { printJson } from "./json/print-json.ts";
import { type CommandSession } from "./open-session.ts";
import type { CommonFlags } from "./options/options.ts";

/** What a screen of setup needs to show. */
export interface Shown extends Pick<CommandSession, "terminal"> {
  readonly flags: CommonFlags;
  /** For the next command. */
  readonly model?: string | undefined;
}

/** A document, indented under its title. */
export const indent = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");

/** What a change takes away and adds, line by line. */
export function formatDiff(before: unknown, after: unknown): string[] {
  return diffLines(JSON.stringify(before, null, 2), JSON.stringify(after, null, 2)).map(({ kind, text }) => {
    if (kind === "added") return colors.green(`    + ${text}`);
    return kind === "removed" ? colors.red(`    - ${text}`) : colors.dim(`      ${text}`);
  });
}

const marks: Readonly<Partial<Record<SetupStep["action"], string>>> = { create: "+", change: "~", keep: "=" };

/** What belongs to a bucket or role is written below it. */
function nameInList({ key, name }: SetupStep, isBelow: boolean): string {
  if (key === undefined) return "";
  if (key.kind === "inline-policy") return isBelow ? "  " : `${key.owner.kind} ${key.owner.name}: `;
  return ["bucket", "role", "file", "key-policy"].includes(key.kind) ? `${name}: ` : "  ";
}

function formatParts(parts: readonly SetupStep[]): string[] {
  return parts.flatMap((part, index) => {
    const { action, about, before, after } = part;
    const isBelow = parts[index - 1]?.key?.kind === "role";
    const line = `  ${marks[action]} ${nameInList(part, isBelow)}${about}`;
    if (action === "keep") return [colors.dim(line)];
    return action === "create" ? [colors.green(line)] : [colors.yellow(line), ...formatDiff(before, after)];
  });
}

/** Shows what would be made, and asks. @returns whether there is anything to make @throws NOT_CONFIRMED, DECLINED */
export async function confirmSetup(
  parts: readonly SetupStep[],
  { account, advice }: SetupPlan,
  { terminal, flags }: Shown,
): Promise<boolean> {
  const show = flags.json === true ? terminal.note : terminal.print;
  const todo = parts.filter(({ action }) => action !== "keep");
  show(colors.dim(`account ${account?.accountId}, ${account?.region}, as ${account?.arn}`));
  show("");
  for (const line of formatParts(parts)) show(line);
  for (const { text, document, change } of advice) {
    show("");
    show(`  ${text}`);
    if (change !== undefined) for (const line of formatDiff(change.before, change.after)) show(line);
    else if (document !== undefined) show(indent(document));
  }
  show("");
  if (todo.length === 0) {
    show("Everything is there already; nothing was changed.");
    return false;
  }
  show(colors.dim("  + is made, ~ is changed, = is there already; halfprice setup --print has every policy in full"));
  const created = todo.filter(({ action }) => action === "create").length;
  const what = [
    ...(created > 0 ? [`make ${formatNumberOf(created, "thing")}`] : []),
    ...(created < todo.length ? [`change ${todo.length - created}`] : []),
  ].join(" and ");
  if (flags.yes !== true) await askOrRefuse(terminal, `${what[0]?.toUpperCase()}${what.slice(1)}?`);
  return true;
}

/** Says what setup has made, and what to run next. */
export function printSetup(report: SetupReport, { terminal, flags, model }: Shown): void {
  const { account, place, callerArn, steps, advice } = report;
  const next = makeNext(report, flags, model);
  if (flags.json === true) {
    printJson(terminal, {
      ...{ accountId: account?.accountId, region: account?.region, ...place, callerArn },
      parts: steps.map(({ name, action, before, after }) => ({ name, action, before: before ?? null, after })),
      ...{ advice, next },
    });
    return;
  }
  terminal.print(`Next   ${next}`);
  terminal.print(colors.dim("Undo   halfprice setup --undo"));
}

/** The settings are in halfprice.config.json now; only where none is written do they have to be said. */
function makeNext({ steps, place, advice }: SetupReport, flags: CommonFlags, model = "nova-2-lite"): string {
  const run = `halfprice run your.csv --prompt "Sentiment of: {{text}}" --model ${model} -o answers.parquet`;
  if (advice.some(({ isNeeded }) => isNeeded === true))
    return `add what is named above, then: halfprice doctor --model ${model}`;
  if (flags.local === true) return `${run} --local`;
  const isWritten = steps.some(({ key }) => key?.kind === "file");
  return isWritten ? run : `${run} --bucket ${place?.bucket} --role ${place?.roleArn}`;
}
