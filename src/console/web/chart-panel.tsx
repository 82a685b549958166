import { useMemo } from "preact/hooks";
import type { ColumnChart, RowFilter } from "../views.ts";
import { post, useLoaded } from "./api.ts";
import { formatCount, formatNumber, formatNumberOf, showText } from "./format.ts";
import { Bars, Histogram, Problem } from "./parts.tsx";

/** How the cells of a column lie in the rows that the other filters leave; a click filters. */
export function ChartPanel({
  base,
  column,
  filter,
  onClose,
  onValue,
  onRange,
}: {
  base: string;
  column: string;
  filter: RowFilter;
  onClose: () => void;
  onValue: (value: string | null | undefined) => void;
  onRange: (range: readonly [number, number]) => void;
}) {
  // A column's own filter would leave one bar of it.
  const others = useMemo(() => {
    const { [column]: _, ...equals } = filter.equals ?? {};
    const { [column]: __, ...ranges } = filter.ranges ?? {};
    return { ...filter, equals, ranges };
  }, [filter, column]);
  const { data, error } = useLoaded(
    () => post<ColumnChart>(`${base}/chart`, { column, filter: others }),
    [base, column, others],
  );
  const chosen = filter.equals?.[column];
  return (
    <aside class="chart-panel" aria-label={`Chart of ${column}`}>
      <header>
        <h2>{showText(column)}</h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close chart
        </button>
      </header>
      <Problem error={error} />
      {data?.kind === "values" && (
        <>
          <p class="soft">{formatNumberOf(data.distinctCount, "different value")}; a click filters</p>
          <Bars
            name={`Values of ${column}`}
            bars={data.values.map(({ value, count }) => ({
              key: value ?? "\u0000",
              label: value === null ? "empty" : value === "" ? "empty text" : showText(value),
              count,
              isOn: chosen === value,
            }))}
            onPick={(key) => {
              const value = key === "\u0000" ? null : key;
              onValue(chosen === value ? undefined : value);
            }}
          />
        </>
      )}
      {data?.kind === "numbers" && (
        <>
          <p class="soft">
            median {data.median === null ? "–" : formatNumber(data.median)}, mean{" "}
            {data.mean === null ? "–" : formatNumber(data.mean)}, {formatCount(data.emptyCount)} empty; a click filters
          </p>
          <Histogram
            name={`Numbers of ${column}`}
            bins={data.bins}
            format={formatNumber}
            onPick={(low, high) => onRange([low, high])}
          />
        </>
      )}
    </aside>
  );
}
