import { useState } from "preact/hooks";
import { quoteWord } from "../shell-word.ts";
import type { RowFilter, WorkView } from "../views.ts";
import { post, runPath } from "./api.ts";
import { showText } from "./format.ts";
import { Command, Problem, Question } from "./parts.tsx";
import type { ShownColumn } from "./virtual-table.tsx";

/** Which columns are shown, and which stay at the left. */
export function ColumnMenu({
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
export function ViewActions({ id, filter }: { id: string; filter: RowFilter }) {
  const base = runPath(id);
  const [path, setPath] = useState("");
  const [said, setSaid] = useState("");
  const [sql, setSql] = useState("");
  const [isAsking, setAsking] = useState(false);
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
    setAsking(false);
    setProblem(undefined);
    post<WorkView>(`${base}/act`, { name: "retry", isConfirmed: true, rows: filter }).then(
      () => setSaid("Sending these rows again; the run's page shows it."),
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
        <button type="button" class="quiet" onClick={() => setAsking(true)}>
          Retry these rows
        </button>
      )}
      {isAsking && (
        <Question yes="Yes, retry" onYes={retry} onNo={() => setAsking(false)}>
          Send these rows again? They cost what they cost before.
        </Question>
      )}
      {said !== "" && <span role="status">{said}</span>}
      {sql !== "" && <Command text={`halfprice show ${id} --query ${quoteWord(sql)}`} />}
      <Problem error={problem} />
    </>
  );
}
