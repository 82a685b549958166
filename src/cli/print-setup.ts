import { diffLines } from "../access/text-diff.ts";
import { formatNumberOf } from "../report/format.ts";
import type { OpenedSetup } from "../setup/set-up.ts";
import { askOrRefuse } from "./ask.ts";
import { colors } from "./display/colors.ts";
import { type CommandSession, printJson } from "./open-session.ts";
import type { CommonFlags } from "./options.ts";

type Parts = OpenedSetup["plan"]["parts"];

interface Shown extends Pick<CommandSession, "terminal" | "progress"> {
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

const marks = { create: "+", change: "~", keep: "=" } as const;

/** What belongs to a bucket or role is written below it. */
function nameInList({ key, name }: Parts[number], isBelow: boolean): string {
  if (key.kind === "inline-policy") return isBelow ? "  " : `${key.owner.kind} ${key.owner.name}: `;
  return ["bucket", "role", "file", "key-policy"].includes(key.kind) ? `${name}: ` : "  ";
}

function formatParts(parts: Parts): string[] {
  return parts.flatMap((part, index) => {
    const { action, about, before, after } = part;
    const isBelow = parts[index - 1]?.key.kind === "role";
    const line = `  ${marks[action]} ${nameInList(part, isBelow)}${about}`;
    if (action === "keep") return [colors.dim(line)];
    return action === "create" ? [colors.green(line)] : [colors.yellow(line), ...formatDiff(before, after)];
  });
}

/** Shows what would be made, asks, makes it, and says what to run next. @throws NOT_CONFIRMED, DECLINED */
export async function printSetup(setup: OpenedSetup, { terminal, progress, flags, model }: Shown): Promise<void> {
  const { identity, parts, advice, scope, callerArn } = setup.plan;
  const show = flags.json === true ? terminal.note : terminal.print;
  const todo = parts.filter(({ action }) => action !== "keep");
  show(colors.dim(`account ${identity.accountId}, ${identity.region}, as ${identity.arn}`));
  show("");
  for (const line of formatParts(parts)) show(line);
  for (const { text, document, change } of advice) {
    show("");
    show(`  ${text}`);
    if (change !== undefined) for (const line of formatDiff(change.before, change.after)) show(line);
    else if (document !== undefined) show(indent(document));
  }
  show("");
  if (todo.length === 0) show("Everything is there already; nothing was changed.");
  else {
    show(colors.dim("  + is made, ~ is changed, = is there already; halfprice setup --print has every policy in full"));
    const created = todo.filter(({ action }) => action === "create").length;
    const what = [
      ...(created > 0 ? [`make ${formatNumberOf(created, "thing")}`] : []),
      ...(created < todo.length ? [`change ${todo.length - created}`] : []),
    ].join(" and ");
    if (flags.yes !== true) await askOrRefuse(terminal, `${what[0]?.toUpperCase()}${what.slice(1)}?`);
    await setup.apply(({ name, action }) => {
      progress.end();
      terminal.note(`${action === "create" ? "made" : "changed"} ${name}`);
    });
    progress.end();
  }
  const next = makeNext(setup, flags, model);
  if (flags.json === true) {
    printJson(terminal, {
      accountId: identity.accountId,
      region: identity.region,
      bucket: scope.bucket,
      prefix: scope.prefix,
      roleArn: scope.roleArn,
      callerArn,
      parts: parts.map(({ name, action, before, after }) => ({ name, action, before: before ?? null, after })),
      advice,
      next,
    });
    return;
  }
  show(`Next   ${next}`);
  show(colors.dim("Undo   halfprice setup --undo"));
}

/** The settings are in halfprice.config.json now; only where none is written do they have to be said. */
function makeNext({ plan: { parts, scope, advice } }: OpenedSetup, flags: CommonFlags, model = "nova-2-lite"): string {
  const run = `halfprice run your.csv --prompt "Sentiment of: {{text}}" --model ${model} -o answers.parquet`;
  if (advice.some(({ isNeeded }) => isNeeded === true))
    return `add what is named above, then: halfprice doctor --model ${model}`;
  if (flags.local === true) return `${run} --local`;
  const isWritten = parts.some(({ key }) => key.kind === "file");
  return isWritten ? run : `${run} --bucket ${scope.bucket} --role ${scope.roleArn}`;
}
