// Bundles the function that `halfprice deploy` puts up, src/deploy/handler.ts, into dist/deploy/function/index.cjs: one file without native
// modules. The ledger is Node's own SQLite there; the engine, and whatever else the pass never comes to, is left out and says so if it is asked for.
import { mkdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const to = join(root, "dist/deploy/function");

/** Packages that no pass comes to. */
const leftOut =
  /^(@duckdb\/|jiti$|lossless-json$|@aws-sdk\/client-(kms|pricing|service-quotas|sns|cloudwatch|cloudformation)$)/;

/** Our own doors load packages with a require of their own, which a bundle cannot follow. */
const ownRequire =
  /^import \{ createRequire \} from "node:module";\n|^const require = createRequire\(import\.meta\.url\);\n/gm;

const plugin = {
  name: "function",
  setup(bundle) {
    bundle.onResolve({ filter: leftOut }, ({ path }) => ({ path, namespace: "left-out" }));
    bundle.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of the function`)});`,
    }));
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      path.startsWith(join(root, "src") + sep)
        ? { contents: readFileSync(path, "utf8").replace(ownRequire, ""), loader: "ts" }
        : undefined,
    );
  },
};

mkdirSync(to, { recursive: true });
await build({
  entryPoints: [join(root, "src/deploy/handler.ts")],
  outfile: join(to, "index.cjs"),
  bundle: true,
  minify: true,
  // Errors and log lines name what they are.
  keepNames: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  alias: { "@photostructure/sqlite": "node:sqlite" },
  plugins: [plugin],
  // The notices of what is bundled stay in it.
  legalComments: "inline",
  logLevel: "warning",
});
