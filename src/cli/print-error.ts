import { defined } from "../foundation/defined.ts";
import { findDiskError } from "../foundation/disk-error.ts";
import { findHelp, HalfpriceError, isError } from "../foundation/errors/index.ts";
import { hideSecrets } from "../foundation/secrets.ts";
import { quoteWord } from "../foundation/shell-word.ts";
import { colors } from "./display/colors.ts";
import type { CommonFlags } from "./options/options.ts";

/** Without what the environment says is secret. */
const hide = (text: string): string =>
  hideSecrets(text, [
    process.env["AWS_SECRET_ACCESS_KEY"],
    process.env["AWS_SESSION_TOKEN"],
    process.env["AWS_BEARER_TOKEN_BEDROCK"],
  ]);

/** Options that lead a further command to the workspace and the service of this one, with a space before them. */
let sameService = "";

/** Remembers what the commands in later advice have to say besides. */
export function rememberService({ local, endpointUrl, workspace, profile }: CommonFlags): void {
  const words = [
    ...(workspace === undefined ? [] : ["--workspace", workspace]),
    ...(profile === undefined || local === true ? [] : ["--profile", profile]),
    ...(local === true ? ["--local"] : endpointUrl === undefined ? [] : ["--endpoint-url", hideSecrets(endpointUrl)]),
  ];
  sameService = words.map((word) => ` ${quoteWord(word)}`).join("");
}

/** Commands that go on with a run: only what it was begun with finds it again. */
const goingOn =
  /halfprice (?:resume|collect|retry|stop|show|export|clean|eval|report) (?!--|RUN)[\w.-]+(?: (?:-o [^\s;,()]+|--yes|--keep-results))*/g;

/** Advice whose commands lead to the same workspace and service. */
export function adviseHere(advice: string): string {
  if (sameService === "") return advice;
  return advice.replace(goingOn, (command) => `${command}${sameService}`);
}

/** A command with the options that lead it to the same workspace and service. @param service what it needs in any case, with a space before it */
export function continueHere(command: string, service: string): string {
  return `${command}${sameService}${sameService.includes(service) ? "" : service}`;
}

/** An error, always these lines: the code, what happened, why where that is known apart, what to do, where there is more. */
export function formatError(error: HalfpriceError): string {
  return hide(
    [
      `${colors.red("error")} ${colors.bold(error.code)}`,
      `  ${error.message}`,
      ...(error.why === undefined ? [] : [`  ${colors.yellow("why")}   ${error.why}`]),
      `  ${colors.green("fix")}   ${adviseHere(error.fix)}`,
      `  ${colors.dim("more")}  ${colors.dim(findHelp(error.code))}`,
    ].join("\n"),
  );
}

/** An error as JSON, for `--json`. */
export function describeError(error: HalfpriceError): object {
  const { code, message, why, fix, details } = error;
  const described = {
    code,
    message,
    ...defined({ why }),
    fix: adviseHere(fix),
    details,
    more: findHelp(code),
  };
  return { error: hideIn(described) };
}

/** The same of every text in a value. */
function hideIn(value: unknown): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map(hideIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hideIn(each)]));
}

/** What was thrown, as an error of ours: what nobody foresaw is a bug. */
export function toHalfpriceError(thrown: unknown): HalfpriceError {
  if (isError(thrown)) return thrown;
  const disk = findDiskError(thrown);
  if (disk !== undefined) return disk;
  return new HalfpriceError(
    "BUG",
    { reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) },
    { cause: thrown },
  );
}
