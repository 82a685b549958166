// Calls the function's bundle once, as Lambda does: node call-bundle.mjs <bundle> <event as JSON>
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [, , bundle, event] = process.argv;
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  // Node 20 has no SQLite of its own: there the bundle gets the package that has the same interface.
  const Module = require("node:module");
  const load = Module._load;
  Module._load = (request, ...rest) =>
    load(request === "node:sqlite" ? require.resolve("@photostructure/sqlite") : request, ...rest);
}
const { handler } = require(bundle);
const summary = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 300_000 });
process.stdout.write(`${JSON.stringify({ kind: "returned", summary })}\n`);
