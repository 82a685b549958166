/** A decimal number as its digits without zeros at either end, and the power of ten of the last: equal numbers are equal texts. */
function normalise(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/**
 * Whether a double holds exactly the number that a JSON text says: the double's own shortest text says the same number.
 * @param text a number as JSON writes it
 */
export function isExactDouble(text: string): boolean {
  const value = Number(text);
  return Number.isFinite(value) && normalise(String(value)) === normalise(text);
}
