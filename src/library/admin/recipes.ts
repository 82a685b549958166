/** The recipes of `halfprice init`: folders below recipes/, and what each takes from another. */
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { findNearest } from "../../foundation/nearest-name.ts";
import { packageFile } from "../../foundation/package-file.ts";

/** A recipe that `init` writes. */
export interface Recipe {
  readonly summary: string;
  /** Files of other recipes that it needs: `summarize/passages.csv`. */
  readonly sharedFiles: readonly string[];
}

/** The recipes, by name. */
export const recipes: Readonly<Record<string, Recipe>> = {
  classify: { summary: "labels with confidence, and where they differ from people's", sharedFiles: [] },
  extract: { summary: "names in texts, checked to occur there", sharedFiles: [] },
  summarize: { summary: "parts of meetings in a bounded length", sharedFiles: [] },
  analyze: { summary: "concerns and interventions in conversations, from a TypeScript spec", sharedFiles: [] },
  judge: {
    summary: "scores for the answers of an earlier run, with reasons",
    sharedFiles: ["summarize/passages.csv", "summarize/summarize.md", "summarize/DATA.md", "summarize/DATA-LICENSE"],
  },
  cheaper: {
    summary: "which model is good enough, and how many rows may share a request",
    sharedFiles: [],
  },
  describe: { summary: "alternative texts for pictures, compared with what was drawn", sharedFiles: [] },
  embed: { summary: "vectors of texts, and the texts that are near", sharedFiles: [] },
};

/** The folder of the recipes that ship with the package. */
const recipesFolder: string = fileURLToPath(packageFile("recipes/"));

/** A recipe of a table and a prompt file. */
export interface ListedRecipe {
  readonly name: string;
  readonly summary: string;
  /** Paths of its table and of its prompt file. */
  readonly table: string;
  readonly prompt: string;
}

/** The recipes that are a table and a prompt file; those with a spec, or with another run's answers, are left out. */
export function listRecipes(): readonly ListedRecipe[] {
  return Object.entries(recipes).flatMap(([name, { summary }]) => {
    const folder = join(recipesFolder, name);
    const [prompt, table] = [join(folder, `${name}.md`), findTable(folder)];
    return table === undefined || !existsSync(prompt) ? [] : [{ name, summary, table, prompt }];
  });
}

/**
 * Writes a recipe's files into a folder that is empty or not there yet.
 * @returns the files' names @throws UNKNOWN_RECIPE, FOLDER_IN_USE
 */
export function writeRecipe(name: string, folder: string): readonly string[] {
  const recipe = recipes[name];
  if (recipe === undefined) {
    const names = Object.keys(recipes);
    throw new HalfpriceError("UNKNOWN_RECIPE", { recipe: name, recipes: names, nearest: findNearest(name, names) });
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new HalfpriceError("FOLDER_IN_USE", { folder });
  mkdirSync(folder, { recursive: true });
  const own = readdirSync(join(recipesFolder, name)).map((file) => join(name, file));
  const files = [...own, ...recipe.sharedFiles];
  for (const file of files) cpSync(join(recipesFolder, file), join(folder, basename(file)));
  return files.map((file) => basename(file)).sort();
}

function findTable(folder: string): string | undefined {
  const found = existsSync(folder)
    ? readdirSync(folder).find((file) => /\.(csv|parquet|jsonl)$/.test(file))
    : undefined;
  return found === undefined ? undefined : join(folder, found);
}
