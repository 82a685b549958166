import { expect, it } from "vitest";
import { defined } from "../../src/foundation/defined.ts";

it("leaves out members that are undefined, and no others", () => {
  const said: { a?: number; b: string | null; c?: boolean } = defined({
    a: undefined as number | undefined,
    b: null as string | null,
    c: false as boolean | undefined,
  });
  expect(said).toEqual({ b: null, c: false });
  expect(Object.keys(said)).toEqual(["b", "c"]);
});
