// Writes the pages that are made from the code. With --check it says which are out of date and writes nothing.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeErrorsPage } from "../build/cli/errors-page.js";
import { makeLocalServicePage } from "../build/cli/local-service-page.js";

const pages = { "docs/errors.md": makeErrorsPage(), "docs/local-service.md": makeLocalServicePage() };
let stale = 0;
for (const [name, text] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  stale += 1;
  if (process.argv.includes("--check")) console.error(`${name} is out of date: npm run docs`);
  else writeFileSync(path, text);
}
process.exit(process.argv.includes("--check") && stale > 0 ? 1 : 0);
