import type { JsonSchema } from "./types/index.ts";

/** What a local `$ref` points to; undefined where there is nothing. */
export function findReferred(ref: string, root: JsonSchema): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  return ref
    .slice(2)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (at, name) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined),
      root,
    );
}
