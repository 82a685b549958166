/** Data: the recipes of `halfprice init`: folders below recipes/, and what each takes from another. */

/** A recipe that `init` writes. */
export interface Recipe {
  readonly summary: string;
  /** Files of other recipes that it needs: `summarize/passages.csv`. */
  readonly borrowed: readonly string[];
}

/** The recipes, by name. */
export const recipes: Readonly<Record<string, Recipe>> = {
  classify: { summary: "labels with confidence, and where they differ from people's", borrowed: [] },
  extract: { summary: "names in texts, checked to occur there", borrowed: [] },
  summarize: { summary: "parts of meetings in a bounded length", borrowed: [] },
  analyze: { summary: "concerns and interventions in conversations, from a TypeScript spec", borrowed: [] },
  judge: {
    summary: "scores for the answers of an earlier run, with reasons",
    borrowed: ["summarize/passages.csv", "summarize/summarize.md", "summarize/DATA.md", "summarize/DATA-LICENSE"],
  },
  cheaper: { summary: "which model is good enough, and how many rows may share a request", borrowed: [] },
  embed: { summary: "vectors of texts, and the texts that are near", borrowed: [] },
};
