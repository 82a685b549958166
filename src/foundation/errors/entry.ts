/** What the catalogue says of one code, and the small words that its messages share. */

/** Exit codes of the command (docs/errors.md explains each). */
export type ExitCode = 1 | 2 | 3 | 4 | 5;

/** All that is known of one code; `Details` is what an error of it carries. */
export interface Entry<Details> {
  readonly exitCode: ExitCode;
  /** What happened, with the value and the limit. */
  readonly says: (details: Details) => string;
  /** What to do, as a command where there is one. */
  readonly fix: (details: Details) => string;
  /** Why it happened, where what happened is told in another's words. */
  readonly why?: (details: Details) => string | undefined;
  /** When it comes up: for docs/errors.md and `halfprice explain CODE`. */
  readonly about: string;
  /** Details as they may be: the pages show message and fix with them. */
  readonly example: Details;
}

/** Gives an entry its details' type. */
export const entry = <Details>(value: Entry<Details>): Entry<Details> => value;

/** A sentence that names what was probably meant; empty where nothing is near. */
export const nearest = (name: string | undefined): string => (name === undefined ? "" : ` The nearest is ${name}.`);

/** Dollars of a message: cents, or two digits where that would say $0.00. */
export const dollars = (usd: number): string => `$${usd > 0 && usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;

/** Two different amounts with as many digits as it takes to see which is more: `$5.0014` and `$5.0000`. */
export function dollarsApart(one: number, other: number): readonly [string, string] {
  const digits = [2, 4, 6, 8].find((count) => one.toFixed(count) !== other.toFixed(count));
  if (one === other || digits === undefined || digits === 2) return [dollars(one), dollars(other)];
  return [`$${one.toFixed(digits)}`, `$${other.toFixed(digits)}`];
}

/** `answers.csv` → `answers-2.csv`: a name beside the one that cannot be used. */
export const renamed = (path: string): string => path.replace(/(\.[^./\\]*)?$/, "-2$1");

/** Lines below a message, indented as it is. */
export const list = (lines: readonly string[]): string => lines.join("\n  ");

/** A placeholder that can be pasted, whatever the column is called. */
export const placeholder = (name: string): string =>
  /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u.test(name) && name !== "row"
    ? `{{${name}}}`
    : `{{ ${JSON.stringify(name)} }}`;

/** A number of things, in the form that the number wants. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
