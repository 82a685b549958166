import type { DoctorReport, DoctorStep } from "../admin.ts";
import { findHelp } from "../foundation/errors/index.ts";
import { colors } from "./display/colors.ts";
import type { Terminal } from "./terminal.ts";

type Result = DoctorReport["results"][number];
type Repairs = Extract<DoctorStep, { kind: "fix" }>["repairs"];

const signs: Readonly<Record<Result["status"], string>> = {
  pass: colors.green("pass"),
  warn: colors.yellow("warn"),
  fail: colors.red("FAIL"),
  skipped: colors.dim("skip"),
};

/** A result: one line, and below it what to do. */
export function printCheck(terminal: Terminal, result: Result): void {
  const { status, subject, finding, isLikely, error, fix, paste } = result;
  const likely = isLikely === true && status !== "skipped" ? colors.dim(" (likely)") : "";
  const [first = "", ...rest] = finding.split("\n");
  const what = status === "fail" ? first : `${subject}: ${first}`;
  terminal.print(`${signs[status]}  ${status === "skipped" ? colors.dim(what) : what}${likely}`);
  for (const line of rest) terminal.print(`      ${line}`);
  if (error?.why !== undefined) terminal.print(`      ${colors.yellow("why")}  ${error.why}`);
  if (fix !== undefined) terminal.print(`      ${colors.green("fix")}  ${fix}`);
  if (paste !== undefined) {
    terminal.print(`      ${colors.dim(`into ${paste.into}:`)}`);
    printStatements(terminal, paste.statements, "      ");
  }
  if (error !== undefined) terminal.print(`      ${colors.dim(findHelp(error.code))}`);
}

/** The changes that `--fix` would make, as lines that come in. */
export function printRepairs(terminal: Terminal, repairs: Repairs): void {
  for (const { words, statements } of repairs) {
    terminal.print(colors.bold(words));
    printStatements(terminal, statements, colors.green("+ "));
  }
}

function printStatements(terminal: Terminal, statements: readonly object[], margin: string): void {
  for (const statement of statements)
    for (const line of JSON.stringify(statement, null, 2).split("\n")) terminal.print(`${margin}${line}`);
}

/** `17 pass, 1 warn, 1 fail, 2 skipped`. */
export function countResults(results: readonly Result[]): string {
  const names = ["pass", "warn", "fail", "skipped"] as const;
  return names
    .map((name) => [name, results.filter(({ status }) => status === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
