import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { toLineFeeds } from "./read-prompt-file.ts";
import { type LoadedSpec, readSpec } from "./read-spec.ts";

/** Whether a path names a spec rather than a table or a prompt. */
export function isSpecPath(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/**
 * Loads a TypeScript (or JavaScript) spec.
 * @throws NO_SUCH_FILE, BAD_SPEC, BAD_SCHEMA, BAD_PROMPT
 */
export async function readSpecFile(path: string): Promise<LoadedSpec> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new HalfpriceError("NO_SUCH_FILE", { path });
  const spec = await loadDefault(absolute, path);
  const written = readFileSync(absolute, "utf8");
  const text = toLineFeeds(written);
  // The whole file: the prompt's function may call others in it.
  return readSpec(spec, { source: path, file: absolute, text, ...(written === text ? {} : { formerText: written }) });
}

async function loadDefault(absolute: string, path: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  // `import … from "halfprice"` in a spec is this very copy, installed beside the spec or not, and not loaded a second time.
  const self = new URL(`../index${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
  const virtualModules = { halfprice: (await import(self.href)) as unknown };
  const jiti = createJiti(import.meta.url, { virtualModules, fsCache: false, interopDefault: false });
  try {
    const module: unknown = await jiti.import(absolute);
    return (module as { default?: unknown }).default;
  } catch (cause) {
    if (isError(cause)) throw cause;
    const { message, stack = "" } = cause as Error;
    const at = new RegExp(`${absolute.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}:(\\d+)`).exec(stack)?.[1];
    const where = at === undefined ? "" : ` (line ${at})`;
    throw new HalfpriceError("BAD_SPEC", { path, problems: [`it could not be loaded${where}: ${message}`] }, { cause });
  }
}
