import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { recipes, writeRecipe } from "../../admin.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../json/print-json.ts";
import { openTerminal } from "../terminal.ts";

interface InitFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function define(command: Command): void {
  command
    .argument("<recipe>", Object.keys(recipes).join(", "))
    .argument("[folder]", "where it goes (default: a folder of the recipe's name)")
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "print nothing but results and errors");
  const width = Math.max(...Object.keys(recipes).map((name) => name.length));
  const list = Object.entries(recipes).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  command.addHelpText("after", `\nRecipes:\n${list.join("\n")}\n\nExample:\n  halfprice init classify`);
  command.action((name: string, folder: string | undefined, flags: InitFlags) => {
    const terminal = openTerminal({ isQuiet: flags.quiet === true });
    const target = folder ?? name;
    const files = writeRecipe(name, target);
    if (flags.json === true) return printJson(terminal, { recipe: name, folder: target, files });
    terminal.print(`${target}/`);
    for (const file of files) terminal.print(`  ${file}`);
    const commands = readCommands(join(target, "README.md"));
    terminal.note(colors.dim("\nIt runs as it stands, for nothing:"));
    for (const line of [`cd ${target}`, ...commands]) terminal.note(`  ${line}`);
    return undefined;
  });
}

/** The commands of a README's first block: what its reader would type. */
function readCommands(readme: string): string[] {
  const block = /^```\n([\s\S]*?)^```/m.exec(readFileSync(readme, "utf8"))?.[1] ?? "";
  return block.trim().split("\n");
}
