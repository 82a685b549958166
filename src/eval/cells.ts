import { defined } from "../foundation/defined.ts";
import type { Scored } from "./match.ts";

/** Rows that are scored the same: what every figure is counted from, so that a million rows take no more memory than they have kinds. */
export interface Cell {
  readonly count: number;
  /** One for each of the answers that are compared. */
  readonly scores: readonly CellScore[];
}

/** How well one cell matches another. */
export interface CellScore {
  readonly isRight: boolean;
  /** Indexes of labels. */
  readonly hits: readonly number[];
  readonly extra: readonly number[];
  readonly missed: readonly number[];
  readonly distance?: number;
}

/** The cells of one row that are compared. */
export interface Cells {
  readonly cells: readonly Cell[];
  /** Sorted; empty where there are too many, and with numbers. */
  readonly labels: readonly string[];
}

/** More labels than this are no classes: texts, whose rows are right or wrong. */
export const labelLimit = 2000;

/** Gathers scored rows. */
export class CellCounter {
  readonly #counts = new Map<string, { count: number; readonly scores: readonly CellScore[] }>();
  readonly #labels = new Map<string, number>();
  #hasLabels = true;

  add(scores: readonly Scored[], count: number): void {
    const own = scores.map((each) => this.#shorten(each));
    const key = JSON.stringify(own);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { count, scores: own });
    else known.count += count;
    if (this.#labels.size > labelLimit) this.#dropLabels();
  }

  /** Labels in the order of the alphabet, indexes in that order. */
  finish(): Cells {
    const labels = [...this.#labels.keys()].sort();
    const places = new Map(labels.map((label, index) => [this.#labels.get(label), index]));
    const move = (indexes: readonly number[]): number[] => indexes.map((index) => places.get(index) ?? 0);
    const moved = [...this.#counts.values()].map(({ count, scores }) => ({
      count,
      scores: scores.map((score) => ({
        ...score,
        hits: move(score.hits),
        extra: move(score.extra),
        missed: move(score.missed),
      })),
    }));
    // In an order of their own: the same rows give the same figures, in whatever order they came.
    const keyed = moved.map((cell) => ({ key: JSON.stringify(cell.scores), cell }));
    keyed.sort((one, other) => (one.key < other.key ? -1 : 1));
    const cells = keyed.map(({ cell }) => cell);
    return { cells, labels };
  }

  #shorten({ isRight, hits, extra, missed, distance }: Scored): CellScore {
    const index = (labels: readonly string[]): number[] =>
      this.#hasLabels ? labels.map((label) => this.#indexOf(label)) : [];
    return {
      isRight,
      hits: index(hits),
      extra: index(extra),
      missed: index(missed),
      // Of very many different distances four digits are enough for a mean.
      ...(distance === undefined
        ? {}
        : { distance: this.#counts.size < 10_000 ? distance : Number(distance.toPrecision(4)) }),
    };
  }

  #indexOf(label: string): number {
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    this.#labels.set(label, this.#labels.size);
    return this.#labels.size - 1;
  }

  #dropLabels(): void {
    this.#hasLabels = false;
    this.#labels.clear();
    const before = [...this.#counts.values()];
    this.#counts.clear();
    for (const { count, scores } of before) {
      this.add(
        scores.map(({ isRight, distance }) => ({
          isRight,
          hits: [],
          extra: [],
          missed: [],
          ...defined({ distance }),
        })),
        count,
      );
    }
  }
}
