/** Metrics by the minute, in memory: what a service measured, and what PutMetricData was given. */

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** A series of numbers. */
export interface MetricKey {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** What one minute, or a period of them, has seen. */
export interface StatisticSet {
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
}

export interface Series {
  readonly key: MetricKey;
  readonly unit: string;
  /** By the minute's first millisecond. */
  readonly minutes: ReadonlyMap<number, Readonly<StatisticSet>>;
}

export interface MetricStore {
  /** Adds one sample, or a set of them. */
  add(key: MetricKey, unit: string, atMs: number, sample: number | StatisticSet): void;
  /** Makes the minute's one sample larger: for metrics that say how much there was in a minute. */
  accumulate(key: MetricKey, unit: string, atMs: number, value: number): void;
  /** Makes this the minute's one sample: for metrics that say how much there is. */
  gauge(key: MetricKey, unit: string, atMs: number, value: number): void;
  list(region: string): readonly Series[];
  find(key: MetricKey): Series | undefined;
}

export const minuteMs = 60_000;

const nameOf = ({ region, namespace, name, dimensions }: MetricKey): string =>
  JSON.stringify([
    region,
    namespace,
    name,
    dimensions.map(({ Name, Value }) => JSON.stringify([Name, Value])).sort((a, b) => (a < b ? -1 : 1)),
  ]);

/** Puts two sets together. */
export function joinSets(a: StatisticSet | undefined, b: Readonly<StatisticSet>): StatisticSet {
  if (a === undefined) return { ...b };
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
  };
}

const oneSample = (value: number): StatisticSet => ({ sum: value, count: 1, minimum: value, maximum: value });

export function makeMetricStore(): MetricStore {
  const all = new Map<string, { key: MetricKey; unit: string; minutes: Map<number, StatisticSet> }>();
  const change = (
    key: MetricKey,
    unit: string,
    atMs: number,
    next: (before: StatisticSet | undefined) => StatisticSet,
  ): void => {
    const name = nameOf(key);
    let series = all.get(name);
    if (series === undefined) {
      series = { key, unit, minutes: new Map() };
      all.set(name, series);
    }
    const minute = Math.floor(atMs / minuteMs) * minuteMs;
    series.minutes.set(minute, next(series.minutes.get(minute)));
  };
  return {
    add: (key, unit, atMs, sample) =>
      change(key, unit, atMs, (before) => joinSets(before, typeof sample === "number" ? oneSample(sample) : sample)),
    accumulate: (key, unit, atMs, value) => change(key, unit, atMs, (before) => oneSample((before?.sum ?? 0) + value)),
    gauge: (key, unit, atMs, value) => change(key, unit, atMs, () => oneSample(value)),
    list: (region) => [...all.values()].filter(({ key }) => key.region === region),
    find: (key) => all.get(nameOf(key)),
  };
}
