import type { EndCounts, LineAnswer } from "./types.ts";

/** Counts requests by how they ended, as their lines pass: one that became several has failed where one of them has. */
export class EndCounter {
  readonly #counts = { succeeded: 0, failed: 0, cancelled: 0, expired: 0 };
  readonly #open = new Map<number, { left: number; status: LineAnswer["status"] }>();

  get counts(): EndCounts {
    return { ...this.#counts };
  }

  add({ n, parts, status }: Pick<LineAnswer, "n" | "parts" | "status">): void {
    const { left, status: before } = this.#open.get(n) ?? { left: parts, status: "succeeded" as const };
    const worst = before === "succeeded" ? status : before;
    if (left > 1) this.#open.set(n, { left: left - 1, status: worst });
    else {
      this.#open.delete(n);
      this.#counts[worst] += 1;
    }
  }

  /** Adds what was counted elsewhere. */
  merge(counts: EndCounts): void {
    for (const status of ["succeeded", "failed", "cancelled", "expired"] as const)
      this.#counts[status] += counts[status];
  }
}

/** How the requests of these lines ended. */
export async function countEnds(lines: AsyncIterable<LineAnswer>): Promise<EndCounts> {
  const counter = new EndCounter();
  for await (const line of lines) counter.add(line);
  return counter.counts;
}
