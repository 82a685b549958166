import { readFileSync } from "node:fs";
import { zipSync } from "fflate";

/** `-rw-r--r--` of Unix, which Lambda reads the file with. */
const mode = 0o100644;
const unix = 3;

/** The function's bundle, which the build has made beside this module's. */
export function readBundle(): Uint8Array {
  // Where the sources run as they are, the build's output is beside them.
  const isSource = import.meta.url.endsWith(".ts");
  const folder = isSource ? "../../dist/deploy/function/" : "./function/";
  return readFileSync(new URL(`${folder}index.cjs`, import.meta.url));
}

/** An archive as Lambda takes it, with the bundle under the name that the handler's begins with. */
export function makeZip(bundle: Uint8Array): Uint8Array {
  // ZIP has no time before it, and no zone: the same bundle makes the same archive anywhere, on any day.
  const always = new Date(1980, 0, 1);
  return zipSync({ "index.js": [bundle, { mtime: always, os: unix, attrs: mode << 16, level: 9 }] });
}
