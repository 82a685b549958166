import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the inputs of every reported fault are read by a test", () => {
  const tests = fileURLToPath(new URL(".", import.meta.url));
  const names = readdirSync(join(tests, "fixtures", "cases"));
  const sources = readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => readFileSync(join(tests, path), "utf8"));
  const unread = names.filter((name) => !sources.some((text) => text.includes(`"${name}"`)));
  expect([names.length > 20, unread]).toEqual([true, []]);
});
