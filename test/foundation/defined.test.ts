import { expect, it } from "vitest";
import { defined } from "../../src/foundation/defined.ts";

it("leaves out members that are undefined, and no others", () => {
  const [a, b, c] = [undefined, null, false] as [number | undefined, string | null, boolean | undefined];
  const said: { a?: number; b: string | null; c?: boolean } = defined({ a, b, c });
  expect(said).toEqual({ b: null, c: false });
  expect(Object.keys(said)).toEqual(["b", "c"]);
});
