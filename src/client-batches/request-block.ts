import { type BodiesSeen, BodiesSummarizer } from "../models/body-summary.ts";
import type { GroupKey, ReadyRequest } from "./ready-request.ts";
import type { RequestError } from "./types.ts";

/** The columns of a group's table, `group-<k>.jsonl`, with their types in DuckDB. */
export const groupColumns = {
  n: "BIGINT",
  id: "VARCHAR",
  part: "BIGINT",
  parts: "BIGINT",
  note: "VARCHAR",
  modelInput: "JSON",
} as const;

/** Rows that a block adds to a group. */
export interface GroupRows {
  readonly key: GroupKey;
  /** Lines of JSON, each with all of `groupColumns`. */
  readonly lines: Uint8Array;
  readonly rowCount: number;
  readonly seen: BodiesSeen;
}

/** Some requests of a batch as they are written to disk: plain data, so that a thread can return it. */
export interface RequestBlock {
  readonly requestCount: number;
  readonly groups: readonly GroupRows[];
  /** Lines of `refused.jsonl`. */
  readonly refused: Uint8Array;
  readonly refusedCount: number;
}

interface OpenGroup {
  readonly key: GroupKey;
  readonly lines: string[];
  readonly summary: BodiesSummarizer;
}

/** Which group requests of a key belong to. */
export const nameGroup = ({ clientModel, model, invocation, isOnDemand }: GroupKey): string =>
  JSON.stringify([clientModel, model, invocation, isOnDemand]);

const isSameGroup = (one: GroupKey, other: GroupKey): boolean =>
  one.clientModel === other.clientModel &&
  one.model === other.model &&
  one.invocation === other.invocation &&
  one.isOnDemand === other.isOnDemand;

/** Writes requests of a batch as lines, in memory. */
export class RequestBlockBuilder {
  readonly #groups = new Map<string, OpenGroup>();
  /** Requests mostly come one group after the other. */
  #latest: OpenGroup | undefined;
  readonly #refused: string[] = [];
  #requestCount = 0;
  #size = 0;

  /** Characters of the lines. */
  get size(): number {
    return this.#size;
  }

  /** @param n the number of the request, unique in its batch */
  add(n: number, { id, key, bodies, summaries, note = "" }: ReadyRequest): void {
    this.#requestCount += 1;
    const { lines, summary } = this.#open(key);
    for (const [part, modelInput] of bodies.entries()) {
      const line = JSON.stringify({ n, id, part, parts: bodies.length, note, modelInput });
      lines.push(line);
      this.#size += line.length;
    }
    for (const each of summaries) summary.add(each);
  }

  /** A request that fails alone. */
  refuse(n: number, id: string, error: RequestError): void {
    this.#requestCount += 1;
    const line = JSON.stringify({ n, id, error });
    this.#refused.push(line);
    this.#size += line.length;
  }

  finish(): RequestBlock {
    return {
      requestCount: this.#requestCount,
      groups: [...this.#groups.values()].map(({ key, lines, summary }) => ({
        key,
        lines: toBytes(lines),
        rowCount: lines.length,
        seen: summary.seen,
      })),
      refused: toBytes(this.#refused),
      refusedCount: this.#refused.length,
    };
  }

  #open(key: GroupKey): OpenGroup {
    if (this.#latest !== undefined && isSameGroup(this.#latest.key, key)) return this.#latest;
    const name = nameGroup(key);
    const open = this.#groups.get(name) ?? { key, lines: [], summary: new BodiesSummarizer() };
    this.#groups.set(name, open);
    this.#latest = open;
    return open;
  }
}

function toBytes(lines: readonly string[]): Uint8Array {
  return lines.length === 0 ? new Uint8Array() : Buffer.from(`${lines.join("\n")}\n`, "utf8");
}
