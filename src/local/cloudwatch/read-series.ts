/** A series cut into periods, each with the asked statistic. */
import { Refusal } from "../wire/refusal.ts";
import { joinSets, minuteMs, type Series, type StatisticSet } from "./metric-store.ts";
import { statistics } from "./shapes.ts";

export interface Period {
  /** Its first millisecond. */
  readonly atMs: number;
  readonly set: Readonly<StatisticSet>;
}

/** The periods of a series that have samples, from `startMs` on and before `endMs`, oldest first. */
export function readPeriods(
  series: Series | undefined,
  startMs: number,
  endMs: number,
  periodSeconds: number,
): Period[] {
  // Samples are kept by the minute, so a shorter period is a minute.
  const periodMs = Math.max(minuteMs, periodSeconds * 1000);
  const first = Math.floor(startMs / minuteMs) * minuteMs;
  const periods = new Map<number, StatisticSet>();
  for (const [atMs, set] of series?.minutes ?? []) {
    if (atMs < first || atMs >= endMs) continue;
    const start = first + Math.floor((atMs - first) / periodMs) * periodMs;
    periods.set(start, joinSets(periods.get(start), set));
  }
  return [...periods].map(([atMs, set]) => ({ atMs, set })).sort((a, b) => a.atMs - b.atMs);
}

const readers: Readonly<Record<(typeof statistics)[number], (set: Readonly<StatisticSet>) => number>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => (count === 0 ? 0 : sum / count),
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** One statistic of a set. @throws Refusal for percentiles and the like, of which too little is kept */
export function readStatistic(name: string, set: Readonly<StatisticSet>): number {
  const known = statistics.find((each) => each === name);
  if (known === undefined) {
    throw new Refusal(
      "InvalidParameterValueException",
      `The local service builds ${statistics.join(", ")}, not ${name}.`,
    );
  }
  return readers[known](set);
}
