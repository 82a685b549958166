/** Choosing among offered labels: the one that shares most words with the text. */
import { hashText } from "../seed.ts";
import { stemsOf } from "./words.ts";

/** A set of labels, with their words indexed. */
export interface LabelSet {
  readonly labels: readonly string[];
  /** The label that shares most words with the text; the same one for the same text, always. */
  pick(text: string): string;
  /** Every label that shares a word with the text, best first. */
  rank(text: string): string[];
}

const splitLabel = (label: string): string => label.replace(/[_\-./]+/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2");

// What fits when nothing does.
const fallbackLabel =
  /^(other|others|none|unknown|neutral|n\/a|na|not[ _-]?applicable|unclear|general|misc(ellaneous)?)$/i;

/** @param labels at least one */
export function makeLabelSet(labels: readonly string[]): LabelSet {
  const words = labels.map((label) => stemsOf(splitLabel(label)));
  const holders = new Map<string, number[]>();
  for (const [index, stems] of words.entries()) {
    for (const stem of stems) {
      const list = holders.get(stem);
      if (list === undefined) holders.set(stem, [index]);
      else list.push(index);
    }
  }
  const fallback = labels.find((label) => fallbackLabel.test(label.trim()));
  const shared = new Float64Array(labels.length);

  const score = (text: string): number[] => {
    const touched: number[] = [];
    for (const stem of stemsOf(text)) {
      for (const index of holders.get(stem) ?? []) {
        if (shared[index] === 0) touched.push(index);
        // A word that few labels have weighs more; a whole number of words always outweighs it.
        shared[index] = (shared[index] ?? 0) + 1 + 1 / (100 * (holders.get(stem)?.length ?? 1));
      }
    }
    // Between equals, the label of which the larger part was met; then the one offered first.
    for (const index of touched) shared[index] = (shared[index] ?? 0) + 0.4 / (words[index]?.size ?? 1);
    const scores = new Map(touched.map((index) => [index, shared[index] ?? 0]));
    for (const index of touched) shared[index] = 0;
    return touched.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b);
  };

  return {
    labels,
    pick(text) {
      const best = score(text)[0];
      if (best !== undefined) return labels[best] ?? "";
      return fallback ?? labels[hashText(text) % labels.length] ?? "";
    },
    rank: (text) => score(text).map((index) => labels[index] ?? ""),
  };
}

const kept = new Map<string, LabelSet>();
const keptSets = 64;

/** As `makeLabelSet`, remembering the sets of late. */
export function findLabelSet(labels: readonly string[]): LabelSet {
  const key = labels.join("\n");
  let set = kept.get(key);
  if (set === undefined) {
    if (kept.size >= keptSets) kept.clear();
    set = makeLabelSet(labels);
    kept.set(key, set);
  }
  return set;
}
