import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { RowFilter, TableColumn, TableView, TableWindow } from "../views.ts";
import { get, post, runPath, useLoaded } from "./api.ts";
import { ChartPanel } from "./chart-panel.tsx";
import { formatNumber, formatNumberOf, showCell, showText } from "./format.ts";
import { Crumbs, outcomeNames, Problem } from "./parts.tsx";
import { RowDrawer } from "./row-drawer.tsx";
import { type FilterState, useRowFilter } from "./row-filter.ts";
import { ColumnMenu, ViewActions } from "./view-actions.tsx";
import { type ShownColumn, VirtualTable } from "./virtual-table.tsx";

const numeric = /INT|FLOAT|DOUBLE|DECIMAL/;
const usualWidth = ({ of, type }: TableColumn): number => (numeric.test(type) ? 110 : of === "input" ? 320 : 190);

/** The rows of a run: a table of any length, filters, charts of columns, a row whole. */
export function RowsPage({ id, query }: { id: string; query: URLSearchParams }) {
  const { data: table, error } = useLoaded(() => get<TableView>(`${runPath(id)}/table`), [id]);
  if (table === undefined)
    return (
      <>
        <Crumbs id={id} />
        <Problem error={error} />
      </>
    );
  return <Rows key={`${id} ${query.toString()}`} id={id} table={table} query={query} />;
}

function Rows({ id, table, query }: { id: string; table: TableView; query: URLSearchParams }) {
  const base = runPath(id);
  const filtering = useRowFilter(query);
  const { filter, text, where, setText, setWhere, setEqual, setRange } = filtering;
  const [columns, setColumns] = useState<readonly ShownColumn[]>(() => table.columns.map(toShown));
  const [hiddenNames, setHidden] = useState<ReadonlySet<string>>(() => findHidden(table));
  const [row, setRow] = useState<number>();
  const [charted, setCharted] = useState<string>();
  const shown = useMemo(() => columns.filter(({ name }) => !hiddenNames.has(name)), [columns, hiddenNames]);
  const { matches, problem, load } = useMatches(base, filter, shown, table.rowCount, (names, window) =>
    setColumns((last) => fitWidths(last, names, window)),
  );
  const resize = (name: string, width: number): void =>
    setColumns((last) => last.map((each) => (each.name === name ? { ...each, width, isFitted: true } : each)));
  return (
    <div class="rows-page">
      <Crumbs id={id} />
      <h1>Rows</h1>
      <div class="toolbar" role="search">
        <label>
          <span>Text in any column</span>
          <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label class="grow">
          <span>Condition (SQL)</span>
          <input
            class="mono"
            value={where}
            placeholder="length(text) > 500"
            onInput={(event) => setWhere(event.currentTarget.value)}
          />
        </label>
        <ColumnMenu columns={columns} hiddenNames={hiddenNames} onHide={setHidden} onChange={setColumns} />
      </div>
      <Chips filtering={filtering} />
      <div class="toolbar">
        <strong role="status">
          {formatNumberOf(matches.count, "row")}
          {matches.isComplete ? "" : " so far …"}
        </strong>
        <ViewActions id={id} filter={filter} />
      </div>
      <Problem error={problem} />
      <div class="split">
        <VirtualTable
          columns={shown}
          rowCount={matches.count}
          load={load}
          onOpen={setRow}
          outcomeColumn={table.outcomeColumn}
          onChart={setCharted}
          onResize={resize}
        />
        {charted !== undefined && (
          <ChartPanel
            base={base}
            column={charted}
            filter={filter}
            onClose={() => setCharted(undefined)}
            onValue={(value) => setEqual(charted, value)}
            onRange={(range) => setRange(charted, range)}
          />
        )}
      </div>
      {row !== undefined && <RowDrawer base={base} row={row} table={table} onClose={() => setRow(undefined)} />}
    </div>
  );
}

/** Of what halfprice adds to the answers only the outcome is shown, until somebody asks for more. */
const findHidden = ({ columns, outcomeColumn }: TableView): ReadonlySet<string> =>
  new Set(columns.filter(({ of, name }) => of === "meta" && name !== outcomeColumn).map(({ name }) => name));

interface Matches {
  readonly count: number;
  readonly isComplete: boolean;
}

/** Loads the rows that a filter lets through, and counts them. @param onFirst told of the first rows, as they come */
function useMatches(
  base: string,
  filter: RowFilter,
  shown: readonly ShownColumn[],
  rowCount: number,
  onFirst: (names: readonly string[], window: TableWindow) => void,
): { matches: Matches; problem: Error | undefined; load: (from: number, count: number) => Promise<TableWindow> } {
  const [matches, setMatches] = useState<Matches>({ count: rowCount, isComplete: true });
  const [problem, setProblem] = useState<Error>();
  const names = shown.map(({ name }) => name).join("\u0000");
  const load = useCallback(
    async (from: number, count: number): Promise<TableWindow> => {
      const columns = names.split("\u0000");
      const window = await post<TableWindow>(`${base}/rows`, { filter, from, count, columns }).catch((error: Error) => {
        setProblem(error);
        throw error;
      });
      setProblem(undefined);
      if (from === 0 && count > 0) onFirst(columns, window);
      setMatches({ count: window.matchCount, isComplete: window.isComplete });
      return window;
    },
    [filter, names],
  );

  // A search of texts goes on after its first matches.
  useEffect(() => {
    if (matches.isComplete) return undefined;
    const timer = setTimeout(() => void load(0, 0).catch(() => undefined), 150);
    return () => clearTimeout(timer);
  }, [matches, load]);
  return { matches, problem, load };
}

/** The outcomes to choose from, and what else was filtered by. */
function Chips({ filtering: { filter, toggleOutcome, setEqual, setRange } }: { filtering: FilterState }) {
  return (
    <div class="chips">
      <fieldset>
        <legend>Outcome</legend>
        {outcomeNames.map((outcome) => (
          <button
            key={outcome}
            type="button"
            class="chip"
            aria-pressed={filter.outcomes?.includes(outcome) === true}
            onClick={() => toggleOutcome(outcome)}
          >
            <i class={`dot o-${outcome}`} aria-hidden="true" />
            {outcome}
          </button>
        ))}
      </fieldset>
      {Object.entries(filter.equals ?? {}).map(([name, value]) => (
        <Chip key={name} text={`${name} = ${value ?? "empty"}`} onRemove={() => setEqual(name, undefined)} />
      ))}
      {Object.entries(filter.ranges ?? {}).map(([name, [low, high]]) => (
        <Chip
          key={name}
          text={`${name} ${formatNumber(low)} to ${formatNumber(high)}`}
          onRemove={() => setRange(name, undefined)}
        />
      ))}
    </div>
  );
}

/** As wide as what stands in the first rows, until somebody moves an edge. */
function fitWidths(
  columns: readonly ShownColumn[],
  names: readonly string[],
  { rows }: TableWindow,
): readonly ShownColumn[] {
  return columns.map((column) => {
    const at = names.indexOf(column.name);
    if (at === -1 || column.isFitted) return column;
    const letters = Math.max(
      column.name.length + 2,
      ...rows.map(({ cells }) => Math.min(60, showCell(cells[at]).length)),
    );
    return { ...column, isFitted: true, width: Math.round(Math.max(80, Math.min(380, letters * 7.6 + 22))) };
  });
}

const toShown = (column: TableColumn): ShownColumn => ({
  name: column.name,
  width: usualWidth(column),
  isPinned: false,
  isFitted: false,
  isNumber: numeric.test(column.type) && !/[[(]/.test(column.type.replace(/DECIMAL\([^)]*\)/, "")),
  of: column.of,
});

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <button type="button" class="chip" aria-label={`Remove the filter ${text}`} onClick={onRemove}>
      {showText(text)} ×
    </button>
  );
}
