/** Data: the condition operators of IAM ("IAM JSON policy elements: Condition operators"): how one value is compared with another. */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { fits, fitsArn, type Token } from "./glob.ts";

export interface Operator {
  /** True of `StringNotEquals`: it holds where none fits, and where there is no value at all. */
  readonly isNegated: boolean;
  /** Whether `${…}` in its values are variables. */
  readonly takesVariables: boolean;
  holds(actual: string, wanted: string, tokens: readonly Token[]): boolean;
}

type Test = Operator["holds"];

const compareNumbers =
  (test: (a: number, b: number) => boolean): Test =>
  (actual, wanted) =>
    actual.trim() !== "" && wanted.trim() !== "" && test(Number(actual), Number(wanted));

/** A date is written as ISO 8601 or in seconds since 1970. */
const parseDateMs = (text: string): number => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const compareDates =
  (test: (a: number, b: number) => boolean): Test =>
  (actual, wanted) =>
    test(parseDateMs(actual), parseDateMs(wanted));

const isInRange: Test = (actual, wanted) => {
  const [base = "", bits] = wanted.split("/");
  const family = isIPv4(base) ? "ipv4" : isIPv6(base) ? "ipv6" : undefined;
  if (family === undefined || (isIPv4(actual) ? "ipv4" : "ipv6") !== family) return false;
  const most = family === "ipv4" ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return false;
  const range = new BlockList();
  range.addSubnet(base, prefix, family);
  return range.check(actual, family);
};

/** A literal's tokens are its letters, variables put in; what was a star is one again. */
const spell = (tokens: readonly Token[]): string =>
  tokens.map((token) => (typeof token === "string" ? token : (token.description ?? ""))).join("");

const equals: Test = (actual, _wanted, tokens) => actual === spell(tokens);
const equalsIgnoringCase: Test = (actual, _wanted, tokens) => actual.toLowerCase() === spell(tokens).toLowerCase();
const isLike: Test = (actual, _wanted, tokens) => fits(tokens, actual);
const isArnLike: Test = (actual, _wanted, tokens) => fitsArn(tokens, actual);

const row = (holds: Test, { isNegated = false, takesVariables = false } = {}): Operator => ({
  holds,
  isNegated,
  takesVariables,
});
const text = (holds: Test): Operator => row(holds, { takesVariables: true });
const notText = (holds: Test): Operator => row(holds, { takesVariables: true, isNegated: true });

/** `Null` is not here: it asks of the key, not of its value. */
export const operators: Readonly<Record<string, Operator>> = {
  stringequals: text(equals),
  stringnotequals: notText(equals),
  stringequalsignorecase: text(equalsIgnoringCase),
  stringnotequalsignorecase: notText(equalsIgnoringCase),
  stringlike: text(isLike),
  stringnotlike: notText(isLike),
  // ArnEquals and ArnLike behave identically, says the page.
  arnequals: text(isArnLike),
  arnlike: text(isArnLike),
  arnnotequals: notText(isArnLike),
  arnnotlike: notText(isArnLike),
  bool: row((actual, wanted) => actual.toLowerCase() === wanted.toLowerCase()),
  numericequals: row(compareNumbers((a, b) => a === b)),
  numericnotequals: row(
    compareNumbers((a, b) => a === b),
    { isNegated: true },
  ),
  numericlessthan: row(compareNumbers((a, b) => a < b)),
  numericlessthanequals: row(compareNumbers((a, b) => a <= b)),
  numericgreaterthan: row(compareNumbers((a, b) => a > b)),
  numericgreaterthanequals: row(compareNumbers((a, b) => a >= b)),
  dateequals: row(compareDates((a, b) => a === b)),
  datenotequals: row(
    compareDates((a, b) => a === b),
    { isNegated: true },
  ),
  datelessthan: row(compareDates((a, b) => a < b)),
  datelessthanequals: row(compareDates((a, b) => a <= b)),
  dategreaterthan: row(compareDates((a, b) => a > b)),
  dategreaterthanequals: row(compareDates((a, b) => a >= b)),
  ipaddress: row(isInRange),
  notipaddress: row(isInRange, { isNegated: true }),
};
