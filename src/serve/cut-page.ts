import { ClientError } from "./serve-context.ts";

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/**
 * Cuts a page out of a list.
 * @param cursors `after` and `before` are ids: the page begins behind the one, or ends before the other
 * @param usual how many there are where no limit is said
 * @throws ClientError
 */
export function cutPage<Item extends { readonly id: string }>(
  all: readonly Item[],
  cursors: {
    readonly after?: string | undefined;
    readonly before?: string | undefined;
    readonly limit?: string | undefined;
  },
  usual: number,
): Page<Item> {
  const limit = cursors.limit === undefined ? usual : Number(cursors.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new ClientError(400, "limit: it has to be a whole number from 1", { param: "limit" });
  if (cursors.before !== undefined) {
    const end = all.findIndex(({ id }) => id === cursors.before);
    const before = all.slice(0, Math.max(0, end));
    return { items: before.slice(-limit), hasMore: before.length > limit };
  }
  const from = cursors.after === undefined ? 0 : all.findIndex(({ id }) => id === cursors.after) + 1;
  return { items: all.slice(from, from + limit), hasMore: all.length > from + limit };
}
