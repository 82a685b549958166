/** Markers of prompt caching, which batch refuses (sources#prompt-caching; prompt caching is on-demand only). */
import { isObject } from "../family.ts";

const words =
  "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";

const hasMarker = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasMarker);
  return isObject(value) && ("cache_control" in value || "cachePoint" in value || hasMarker(value["content"]));
};

/** AWS's words where a body's system, messages or tools hold a cache marker, or undefined. */
export function findCacheMarker(body: { readonly [name: string]: unknown }): string | undefined {
  return hasMarker(body["messages"]) || hasMarker(body["system"]) || hasMarker(body["tools"]) ? words : undefined;
}
