import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type {
  ColumnChart,
  Outcome,
  RowFilter,
  TableColumn,
  TableView,
  TableWindow,
  WholeRow,
  WorkView,
} from "../views.ts";
import { get, post, useLoaded } from "./api.ts";
import { formatCount, formatNumber, formatNumberOf, showCell, showText } from "./format.ts";
import { Bars, Command, Drawer, Histogram, outcomeNames, Problem } from "./parts.tsx";
import { hrefTo } from "./router.ts";
import { type ShownColumn, VirtualTable } from "./virtual-table.tsx";

const numeric = /INT|FLOAT|DOUBLE|DECIMAL/;
const usualWidth = ({ of, type }: TableColumn): number => (numeric.test(type) ? 110 : of === "input" ? 320 : 190);

/** The rows of a run: a table of any length, filters, charts of columns, a row whole. */
export function RowsPage({ id, query }: { id: string; query: URLSearchParams }) {
  const { data: table, error } = useLoaded(() => get<TableView>(`/api/runs/${encodeURIComponent(id)}/table`), [id]);
  if (table === undefined)
    return (
      <>
        <Crumbs id={id} />
        <Problem error={error} />
      </>
    );
  return <Rows key={`${id} ${query.toString()}`} id={id} table={table} query={query} />;
}

function Crumbs({ id }: { id: string }) {
  return (
    <p class="crumbs">
      <a href={hrefTo(["runs"])}>Runs</a> / <a href={hrefTo(["runs", id])}>{id}</a>
    </p>
  );
}

function readFilter(query: URLSearchParams): RowFilter {
  const outcome = query.get("outcome");
  const [column, value] = [query.get("column"), query.get("value")];
  return {
    ...(outcome === null ? {} : { outcomes: [outcome] }),
    ...(column === null || value === null ? {} : { equals: { [column]: value } }),
  };
}

function Rows({ id, table, query }: { id: string; table: TableView; query: URLSearchParams }) {
  const base = `/api/runs/${encodeURIComponent(id)}`;
  const [filter, setFilter] = useState<RowFilter>(() => readFilter(query));
  const [text, setText] = useState("");
  const [where, setWhere] = useState("");
  const [columns, setColumns] = useState<readonly ShownColumn[]>(() => table.columns.map(toShown));
  const [hiddenNames, setHidden] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        table.columns.filter(({ of, name }) => of === "meta" && name !== table.outcomeColumn).map(({ name }) => name),
      ),
  );
  const [matches, setMatches] = useState({ count: table.rowCount, isComplete: true });
  const [problem, setProblem] = useState<Error>();
  const [row, setRow] = useState<number>();
  const [charted, setCharted] = useState<string>();
  const shown = useMemo(() => columns.filter(({ name }) => !hiddenNames.has(name)), [columns, hiddenNames]);
  const names = shown.map(({ name }) => name).join("\u0000");

  const load = useCallback(
    async (from: number, count: number): Promise<TableWindow> => {
      const window = await post<TableWindow>(`${base}/rows`, {
        filter,
        from,
        count,
        columns: names.split("\u0000"),
      }).catch((error: Error) => {
        setProblem(error);
        throw error;
      });
      setProblem(undefined);
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

  // Nothing is asked while somebody types.
  useEffect(() => {
    const timer = setTimeout(() => {
      setFilter(({ text: _, where: __, ...others }) => ({
        ...others,
        ...(text === "" ? {} : { text }),
        ...(where.trim() === "" ? {} : { where }),
      }));
    }, 250);
    return () => clearTimeout(timer);
  }, [text, where]);

  const toggleOutcome = (outcome: Outcome): void =>
    setFilter(({ outcomes = [], ...others }) => {
      const next = outcomes.includes(outcome) ? outcomes.filter((each) => each !== outcome) : [...outcomes, outcome];
      return next.length === 0 ? others : { ...others, outcomes: next };
    });
  const setEqual = (column: string, value: string | null | undefined): void =>
    setFilter(({ equals = {}, ...others }) => {
      const { [column]: _, ...rest } = equals;
      const next = value === undefined ? rest : { ...rest, [column]: value };
      return Object.keys(next).length === 0 ? others : { ...others, equals: next };
    });
  const setRange = (column: string, range: readonly [number, number] | undefined): void =>
    setFilter(({ ranges = {}, ...others }) => {
      const { [column]: _, ...rest } = ranges;
      const next = range === undefined ? rest : { ...rest, [column]: range };
      return Object.keys(next).length === 0 ? others : { ...others, ranges: next };
    });

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
          onResize={(name, width) =>
            setColumns((last) => last.map((each) => (each.name === name ? { ...each, width } : each)))
          }
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

const toShown = (column: TableColumn): ShownColumn => ({
  name: column.name,
  width: usualWidth(column),
  isPinned: false,
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

function ColumnMenu({
  columns,
  hiddenNames,
  onHide,
  onChange,
}: {
  columns: readonly ShownColumn[];
  hiddenNames: ReadonlySet<string>;
  onHide: (names: ReadonlySet<string>) => void;
  onChange: (columns: readonly ShownColumn[]) => void;
}) {
  const toggle = (name: string): void => {
    const next = new Set(hiddenNames);
    if (!next.delete(name)) next.add(name);
    if (next.size < columns.length) onHide(next);
  };
  const pin = (name: string): void =>
    onChange(columns.map((each) => (each.name === name ? { ...each, isPinned: !each.isPinned } : each)));
  return (
    <details class="menu">
      <summary>Columns</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Show</th>
            <th scope="col">Pin</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, isPinned }) => (
            <tr key={name}>
              <th scope="row">{showText(name)}</th>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Show ${name}`}
                  checked={!hiddenNames.has(name)}
                  onChange={() => toggle(name)}
                />
              </td>
              <td>
                <input type="checkbox" aria-label={`Pin ${name}`} checked={isPinned} onChange={() => pin(name)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Export of what is shown, its SQL, and sending again. */
function ViewActions({ id, filter }: { id: string; filter: RowFilter }) {
  const base = `/api/runs/${encodeURIComponent(id)}`;
  const [path, setPath] = useState("");
  const [said, setSaid] = useState("");
  const [sql, setSql] = useState("");
  const [problem, setProblem] = useState<Error>();
  const save = (event: Event): void => {
    event.preventDefault();
    setProblem(undefined);
    post<{ path: string }>(`${base}/export`, { path, filter }).then(
      (done) => setSaid(`Written: ${done.path}`),
      setProblem,
    );
  };
  const copySql = (): void => {
    post<{ sql: string }>(`${base}/sql`, { filter }).then((found) => {
      setSql(found.sql);
      void navigator.clipboard.writeText(found.sql).catch(() => undefined);
    }, setProblem);
  };
  const retry = (): void => {
    setProblem(undefined);
    post<WorkView>(`${base}/act`, { name: "retry" }).then(
      () => setSaid("Sending again what has no good answer; the run's page shows it."),
      setProblem,
    );
  };
  const failed = ["truncated", "refused", "invalid", "error", "missing"];
  const isFailing = filter.outcomes !== undefined && filter.outcomes.every((each) => failed.includes(each));
  return (
    <>
      <form class="inline" onSubmit={save}>
        <input
          aria-label="File to export to"
          placeholder="rows.csv"
          value={path}
          onInput={(event) => setPath(event.currentTarget.value)}
        />
        <button type="submit" disabled={path === ""}>
          Export these rows
        </button>
      </form>
      <button type="button" class="quiet" onClick={copySql}>
        Copy as SQL
      </button>
      {isFailing && (
        <button type="button" class="quiet" onClick={retry}>
          Retry rows without a good answer
        </button>
      )}
      {said !== "" && <span role="status">{said}</span>}
      {sql !== "" && <Command text={`halfprice show ${id} --query "${sql.replaceAll('"', '\\"')}"`} />}
      <Problem error={problem} />
    </>
  );
}

function ChartPanel({
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

/** A row whole: what was sent, what came back, the fields, everything. */
function RowDrawer({
  base,
  row,
  table,
  onClose,
}: {
  base: string;
  row: number;
  table: TableView;
  onClose: () => void;
}) {
  const { data, error } = useLoaded(() => get<WholeRow>(`${base}/rows/${row}`), [base, row]);
  const rawName = table.columns.find(({ name, of }) => of === "meta" && name.endsWith("halfprice_raw"))?.name ?? "";
  const section = (of: TableColumn["of"], title: string) => (
    <section>
      <h3>{title}</h3>
      <dl class="cells">
        {table.columns
          .filter((column) => column.of === of && column.name !== rawName)
          .map(({ name }) => (
            <div key={name}>
              <dt>{showText(name)}</dt>
              <dd>{showCell(data?.cells[name])}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
  return (
    <Drawer title={`Row ${formatCount(row)}`} onClose={onClose}>
      <Problem error={error} />
      {data !== undefined && (
        <>
          {section("answer", "Answer")}
          <section>
            <h3>Prompt as sent</h3>
            {data.prompt === undefined ? (
              <p class="soft">the request is not on this disk any more</p>
            ) : (
              <pre>{showText(data.prompt)}</pre>
            )}
          </section>
          {section("input", "Input")}
          {section("meta", "About the answer")}
          {typeof data.cells[rawName] === "string" && (
            <section>
              <h3>Raw answer</h3>
              <pre>{showText(pretty(data.cells[rawName]))}</pre>
            </section>
          )}
          {data.request !== undefined && (
            <section>
              <h3>Request as JSON</h3>
              <pre>{showText(pretty(data.request))}</pre>
            </section>
          )}
        </>
      )}
    </Drawer>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
