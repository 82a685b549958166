import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCount, formatUsd } from "../../src/foundation/format.ts";

describe("numbers", () => {
  it("are written as the locale en-US writes them, but for -0", () => {
    const locale = (value: number, digits?: number): string =>
      value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits ?? 3 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer(),
          fc.maxSafeInteger(),
          fc.double({ noNaN: true }).map((n) => n + 0),
        ),
        (count) => {
          expect(formatCount(count)).toBe(locale(count));
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ min: 0.01, max: 1e15, noNaN: true }),
          fc.integer({ min: 1, max: 10 ** 9 }).map((n) => n / 8),
        ),
        (usd) => {
          expect(formatUsd(usd)).toBe(`$${locale(usd, 2)}`);
        },
      ),
    );
  });

  it("of dollars have cents, and below a cent as many digits as it takes", () => {
    expect([0, 0.0094, 0.125, 1.005, 9.999, 1234.5, 1_000_000].map(formatUsd)).toEqual([
      ...["$0.00", "$0.0094", "$0.13", "$1.01", "$10.00", "$1,234.50", "$1,000,000.00"],
    ]);
  });
});
