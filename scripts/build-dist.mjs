// Bundles src/ into dist/: the public doors and the command, with what they share in a few chunks. A start reads a handful of files
// instead of hundreds, and a class is the same one behind every door. The types beside them, and every module by itself in build/, are tsc's.
import { chmodSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const doors = ["index", "admin", "ai-sdk/index", "local/index", "cli/halfprice", "cli/main"];

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    ...doors.map((name) => ({ in: `src/${name}.ts`, out: name })),
    // The file of a thread, or of a process, is found beside the module that starts it.
    { in: "src/local/jobs/answering/answer-worker.ts", out: "chunks/answer-worker" },
    { in: "src/library/parts/part-worker.ts", out: "chunks/part-worker" },
    { in: "src/serve/translate-worker.ts", out: "chunks/translate-worker" },
  ],
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  target: "node20.19",
  format: "esm",
  // Nothing is shortened: stack traces have the names of the source, and it would start no faster.
  minify: false,
  metafile: true,
  logLevel: "warning",
});

// A module that finds a file by its own place is two folders below the package, here as in src/; in a door it would look elsewhere.
for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
  const lost = Object.keys(inputs).filter((path) => {
    const source = readFileSync(join(root, path), "utf8");
    return /new URL\([^;]*import\.meta\.url/.test(source) && dirname(output) !== "dist/chunks";
  });
  if (lost.length > 0) throw new Error(`${output}: ${lost.join(", ")} would look for files in the wrong place`);
}
for (const name of ["halfprice.js", "main.js"]) chmodSync(join(root, "dist/cli", name), 0o755);
