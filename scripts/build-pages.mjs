// Bundles the console's pages, src/console/web, into dist/console/web: ahead of time, so that nothing of it is built where it runs.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const from = join(root, "src/console/web");
const to = join(root, "dist/console/web");

mkdirSync(to, { recursive: true });
await build({
  entryPoints: [join(from, "app.tsx"), join(from, "app.css")],
  outdir: to,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  // The notices of what is bundled stay in it.
  legalComments: "inline",
  logLevel: "warning",
});
for (const name of ["index.html", "icon.svg"]) cpSync(join(from, name), join(to, name));
