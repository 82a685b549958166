/** Letters of a preview. */
const shownLetters = 160;
/** Letters that are shown before the place at which texts begin to differ. */
const ledLetters = 40;

/** Texts on a line each, cut to fit: where they begin alike for longer than a line, from a little before they differ. */
export function previewTexts(texts: readonly string[]): string[] {
  const flat = texts.map((text) => [...text.replace(/\s+/g, " ").trim()]);
  const [first = []] = flat;
  let alike = 0;
  while (alike < first.length && flat.every((letters) => letters[alike] === first[alike])) alike += 1;
  const isSame = flat.every((letters) => letters.length === alike);
  const from = flat.length < 2 || isSame || alike < shownLetters - ledLetters ? 0 : alike - ledLetters;
  return flat.map((letters) => {
    const shown = letters.slice(from, from + shownLetters);
    const isCut = from + shownLetters < letters.length;
    return `${from > 0 ? "…" : ""}${(isCut ? shown.slice(0, -1) : shown).join("")}${isCut ? "…" : ""}`;
  });
}
