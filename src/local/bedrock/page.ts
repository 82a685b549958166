/** Pages of a sorted list. A token names the last item that was given, so that what is added meanwhile shifts nothing. */
import { Refusal } from "../wire/refusal.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
}

/**
 * @param items sorted by `compare`
 * @param keyOf what an item is sorted by: unique, and JSON
 * @throws Refusal `ValidationException` for a token that is none of this service's
 */
export function cutPage<T, K>(
  items: readonly T[],
  {
    keyOf,
    compare,
    maxResults,
    token,
  }: {
    readonly keyOf: (item: T) => K;
    readonly compare: (a: K, b: K) => number;
    readonly maxResults: number;
    readonly token: string | undefined;
  },
): Page<T> {
  const after = token === undefined ? undefined : (readToken(token) as K);
  const rest = after === undefined ? items : items.filter((item) => compare(keyOf(item), after) > 0);
  const page = rest.slice(0, maxResults);
  const last = page[page.length - 1];
  const nextToken = rest.length > page.length && last !== undefined ? writeToken(keyOf(last)) : undefined;
  return { items: page, nextToken };
}

const writeToken = (key: unknown): string => Buffer.from(JSON.stringify({ after: key })).toString("base64url");

function readToken(token: string): unknown {
  try {
    const read = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as { after?: unknown };
    if (read.after !== undefined) return read.after;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new Refusal("ValidationException", "The provided token is invalid."); // unconfirmed words
}
