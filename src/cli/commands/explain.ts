import type { Command } from "commander";
import { explain } from "../../admin.ts";
import { catalogue, describeCode, HalfpriceError } from "../../foundation/errors/index.ts";
import { findNearest } from "../../foundation/nearest-name.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../json/print-json.ts";
import { openTerminal } from "../terminal.ts";

/** Longer than any message; what is pasted may be a whole log. */
const longest = 200_000;

export function define(command: Command): void {
  command
    .argument("<message...>", "the message, in quotes, or a code of halfprice's own; - reads it from standard input")
    .option("--json", "one JSON document on stdout");
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice explain "Could not assume provided IAM role"\n  halfprice explain MAX_COST\n  aws bedrock get-model-invocation-job --job-identifier ARN 2>&1 | halfprice explain -',
  );
  command.action(async (words: readonly string[], flags: { readonly json?: boolean }) => {
    const message = (words.join(" ") === "-" ? await readInput() : words.join(" ")).trim();
    const terminal = openTerminal({ isQuiet: false });
    const described = describeCode(message);
    if (described !== undefined) {
      if (flags.json === true) return printJson(terminal, described);
      terminal.print(`${colors.bold(described.code)} · exit ${described.exitCode}`);
      terminal.print(described.about);
      terminal.print(`\n${colors.dim("for example")}\n  ${described.message}`);
      terminal.print(`  ${colors.green("fix")}  ${described.fix}`);
      return undefined;
    }
    const explanation = explain(message);
    if (explanation === undefined) {
      const nearest = /^\w{3,40}$/.test(message) ? findNearest(message, Object.keys(catalogue)) : undefined;
      throw new HalfpriceError("UNKNOWN_MESSAGE", { message: cut(message), nearest });
    }
    if (flags.json === true) return printJson(terminal, { message, ...explanation });
    if (explanation.isParaphrase === true)
      terminal.print(colors.dim("These are not AWS's own words; by what they say, it is this:"));
    terminal.print(`${colors.yellow("why")}  ${explanation.cause}`);
    terminal.print(`${colors.green("fix")}  ${explanation.fix}`);
  });
}

const cut = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);

async function readInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > longest) break;
  }
  return text.slice(0, longest);
}
