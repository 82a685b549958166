import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The package is loaded with the first archive. */
const require = createRequire(import.meta.url);

/** `-rw-r--r--` of Unix, which Lambda reads the file with. */
const mode = 0o100644;
const unix = 3;

/** The function's bundle, which the build makes beside those of the package. */
export function readBundle(): Uint8Array {
  return readFileSync(new URL("../../dist/deploy/function/index.cjs", import.meta.url));
}

/** An archive as Lambda takes it, with the bundle under the name that the handler's begins with. */
export function makeZip(bundle: Uint8Array): Uint8Array {
  // ZIP has no time before it, and no zone: the same bundle makes the same archive anywhere, on any day.
  const always = new Date(1980, 0, 1);
  const { zipSync } = require("fflate") as typeof import("fflate");
  return zipSync({ "index.js": [bundle, { mtime: always, os: unix, attrs: mode << 16, level: 9 }] });
}
