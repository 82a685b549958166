/** The recipes of `halfprice init`: folders below recipes/, and what each takes from another. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
export const recipesFolder: string = fileURLToPath(new URL("../../recipes/", import.meta.url));

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

function findTable(folder: string): string | undefined {
  const found = existsSync(folder)
    ? readdirSync(folder).find((file) => /\.(csv|parquet|jsonl)$/.test(file))
    : undefined;
  return found === undefined ? undefined : join(folder, found);
}
