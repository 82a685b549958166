/** Data: the recipes of `halfprice init`: folders below recipes/, and what each takes from another. */

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
  embed: { summary: "vectors of texts, and the texts that are near", sharedFiles: [] },
};
