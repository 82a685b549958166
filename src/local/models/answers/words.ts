/** The words of a text, stemmed lightly, so that `arrived` meets `card_arrival`. */

// Words too common to tell one label from another.
const common = new Set(
  (
    "a an and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it " +
    "its just me more my no of on or our please she so some that the their them then there these they this those to too up us " +
    "was we were what when where which who why will with would you your"
  ).split(" "),
);

const endings = [
  "ations",
  "ation",
  "ments",
  "ment",
  "ings",
  "ing",
  "ally",
  "als",
  "al",
  "ied",
  "ies",
  "ed",
  "es",
  "er",
  "ly",
  "s",
  "e",
  "y",
];

const stems = new Map<string, string>();
const keptStems = 50_000;

/** The stem of a word in lower case. */
export function stemWord(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  let stem = word;
  for (const ending of endings) {
    if (stem.endsWith(ending) && stem.length - ending.length >= 3) {
      stem = stem.slice(0, -ending.length);
      break;
    }
  }
  // stopped → stop
  const last = stem.length - 1;
  if (last >= 3 && stem[last] === stem[last - 1] && !/[aeiosl]/.test(stem[last] ?? "")) stem = stem.slice(0, -1);
  if (stems.size >= keptStems) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** The stems of a text's telling words, each once, in their order. */
export function stemsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (!common.has(word)) found.add(stemWord(word));
  }
  return found;
}
