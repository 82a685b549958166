import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { findNearest } from "../../foundation/nearest-name.ts";
import { recipes, recipesFolder } from "../../library/recipes.ts";
import { colors } from "../display/colors.ts";
import { printJson } from "../open-session.ts";
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

/**
 * Writes a recipe's files into a folder that is empty or not there yet.
 * @returns the files' names @throws UNKNOWN_RECIPE, FOLDER_IN_USE
 */
function writeRecipe(name: string, target: string): string[] {
  const recipe = recipes[name];
  if (recipe === undefined) {
    const names = Object.keys(recipes);
    throw new HalfpriceError("UNKNOWN_RECIPE", { recipe: name, recipes: names, nearest: findNearest(name, names) });
  }
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new HalfpriceError("FOLDER_IN_USE", { folder: target });
  mkdirSync(target, { recursive: true });
  const own = readdirSync(join(recipesFolder, name)).map((file) => join(name, file));
  const files = [...own, ...recipe.sharedFiles];
  for (const file of files) cpSync(join(recipesFolder, file), join(target, basename(file)));
  return files.map((file) => basename(file)).sort();
}

/** The commands of a README's first block: what its reader would type. */
function readCommands(readme: string): string[] {
  const block = /^```\n([\s\S]*?)^```/m.exec(readFileSync(readme, "utf8"))?.[1] ?? "";
  return block.trim().split("\n");
}
