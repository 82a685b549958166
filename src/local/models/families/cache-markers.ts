/** Markers of prompt caching, which batch refuses, and models that cache nothing (sources#prompt-caching). */
import { isObject, memberOf } from "../family.ts";

const words =
  "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";

const hasMarker = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasMarker);
  return isObject(value) && ("cache_control" in value || "cachePoint" in value || hasMarker(value["content"]));
};

/** AWS's words where a body's system, messages or tools hold a cache marker, or undefined. */
export function findCacheMarker(body: { readonly [name: string]: unknown }): string | undefined {
  const tools = body["tools"] ?? memberOf(body, "toolConfig")["tools"];
  return hasMarker(body["messages"]) || hasMarker(body["system"]) || hasMarker(tools) ? words : undefined;
}
