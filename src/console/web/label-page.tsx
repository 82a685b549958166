import { useEffect, useRef, useState } from "preact/hooks";
import type { LabelTask, RunLabels, RunPage, WholeRow } from "../views.ts";
import { get, post, useLoaded } from "./api.ts";
import { formatFigure, formatNumberOf, showCell, showText } from "./format.ts";
import { Command, Problem } from "./parts.tsx";
import { hrefTo } from "./router.ts";

/** Says of answers at random whether they are right, by keyboard; the labels become a gold file. */
export function LabelPage({ id }: { id: string }) {
  const base = `/api/runs/${encodeURIComponent(id)}`;
  const { data: page, error } = useLoaded(() => get<RunPage>(base), [id]);
  const [column, setColumn] = useState("");
  const [count, setCount] = useState(100);
  const [isBlind, setBlind] = useState(true);
  const [task, setTask] = useState<LabelTask>();
  const [problem, setProblem] = useState<Error>();
  const chosen = column === "" ? (page?.answerColumns[0] ?? "") : column;
  const begin = (event: Event): void => {
    event.preventDefault();
    // The same seed each time: going on later goes on with the same rows.
    post<LabelTask>(`${base}/label-task`, { column: chosen, count, seed: 1 }).then(setTask, setProblem);
  };
  return (
    <>
      <p class="crumbs">
        <a href={hrefTo(["runs"])}>Runs</a> / <a href={hrefTo(["runs", id])}>{id}</a>
      </p>
      <h1>Label</h1>
      <Problem error={error ?? problem} />
      {task === undefined ? (
        <form class="toolbar" onSubmit={begin}>
          <label>
            <span>Answer</span>
            <select value={chosen} onChange={(event) => setColumn(event.currentTarget.value)}>
              {page?.answerColumns.map((name) => (
                <option key={name} value={name}>
                  {showText(name)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>Rows at random</span>
            <input
              type="number"
              min={1}
              max={1000}
              value={count}
              onInput={(event) => setCount(Number(event.currentTarget.value))}
            />
          </label>
          <label class="check">
            <input type="checkbox" checked={isBlind} onChange={(event) => setBlind(event.currentTarget.checked)} />
            <span>blind: the answer is shown after the label</span>
          </label>
          <button type="submit" disabled={chosen === ""}>
            Begin
          </button>
        </form>
      ) : (
        <Labelling base={base} id={id} column={chosen} task={task} isBlind={isBlind} />
      )}
    </>
  );
}

interface Labelled {
  readonly row: number;
  readonly label: string;
  readonly answer: string;
}

function Labelling({
  base,
  id,
  column,
  task,
  isBlind,
}: {
  base: string;
  id: string;
  column: string;
  task: LabelTask;
  isBlind: boolean;
}) {
  const [labels, setLabels] = useState<RunLabels>();
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const [own, setOwn] = useState("");
  const [last, setLast] = useState<Labelled>();
  const [path, setPath] = useState("gold.csv");
  const [saved, setSaved] = useState("");
  const [problem, setProblem] = useState<Error>();
  useEffect(() => {
    get<RunLabels>(`${base}/labels?column=${encodeURIComponent(column)}`).then(setLabels, setProblem);
  }, [base, column]);
  const done = new Set(labels?.labels.map(({ row }) => row));
  const row = labels === undefined ? undefined : task.rows.find((each) => !done.has(each) && !skipped.has(each));
  const { data: whole, error } = useLoaded(
    () => (row === undefined ? Promise.resolve(undefined) : get<WholeRow>(`${base}/rows/${row}`)),
    [base, row],
  );
  const current = whole !== undefined && whole.row === row ? whole : undefined;
  const answer = showCell(current?.cells[column]);
  const choices = task.choices.filter((choice) => choice.toLowerCase().includes(own.toLowerCase()));
  const finder = useRef<HTMLInputElement>(null);
  const set = (target: number, label: string | null): void => {
    post<RunLabels>(`${base}/labels`, { column, row: target, label }).then(setLabels, setProblem);
  };
  const give = (label: string): void => {
    if (row === undefined || current === undefined || label === "") return;
    setLast({ row, label, answer });
    setOwn("");
    set(row, label);
  };
  const undo = (): void => {
    if (last === undefined) return;
    set(last.row, null);
    setLast(undefined);
  };
  const skip = (): void => {
    if (row !== undefined) setSkipped((before) => new Set(before).add(row));
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName)) return;
      const choice = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
      if (choice !== undefined) give(choice);
      else if (event.key === "y" && !isBlind) give(answer);
      else if (event.key === "/") finder.current?.focus();
      else if (event.key === "s") skip();
      else if (event.key === "u") undo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const save = (event: Event): void => {
    event.preventDefault();
    post<{ path: string }>(`${base}/gold`, { column, path }).then((written) => setSaved(written.path), setProblem);
  };
  const labelled = task.rows.filter((each) => done.has(each)).length;
  return (
    <div class="labelling">
      <p role="status">
        <strong>
          {labelled} of {task.rows.length}
        </strong>{" "}
        labelled
        {labels !== undefined && labels.labels.length > 0 && (
          <>
            {" "}
            · accuracy <strong data-testid="accuracy">{formatFigure(labels.accuracy)}</strong> of{" "}
            {formatNumberOf(labels.labels.length, "label")}; in brackets the 95 % interval
          </>
        )}
      </p>
      <progress max={task.rows.length} value={labelled} aria-label="Labelled" />
      <Problem error={problem ?? error} />
      {last !== undefined && (
        <p class="soft">
          Row {last.row}: you said <b>{showText(last.label)}</b>, the answer was <b>{last.answer}</b>.{" "}
          <button type="button" class="link" onClick={undo}>
            Undo (u)
          </button>
        </p>
      )}
      {row === undefined && labels !== undefined && <p class="empty">All of these rows are labelled or skipped.</p>}
      {current !== undefined && (
        <article class="card">
          <h2>Row {current.row}</h2>
          {current.prompt !== undefined && <pre tabIndex={0}>{showText(current.prompt)}</pre>}
          {!isBlind && (
            <p>
              Answer: <b>{answer}</b>{" "}
              <button type="button" onClick={() => give(answer)}>
                Right (y)
              </button>
            </p>
          )}
          <ul class="choices">
            {choices.map((choice, index) => (
              <li key={choice}>
                <button type="button" class="quiet" onClick={() => give(choice)}>
                  {index < 9 && <kbd>{index + 1}</kbd>} {showText(choice)}
                </button>
              </li>
            ))}
          </ul>
          <form
            class="inline"
            onSubmit={(event) => {
              event.preventDefault();
              give(choices[0] ?? own);
              finder.current?.blur();
            }}
          >
            <input
              ref={finder}
              aria-label="Find a label, or write another one"
              placeholder="find (/), or another label"
              value={own}
              onInput={(event) => setOwn(event.currentTarget.value)}
            />
            <button type="submit" class="quiet" disabled={own === ""}>
              Give {own === "" ? "it" : showText(choices[0] ?? own)}
            </button>
            <button type="button" class="quiet" onClick={skip}>
              Skip (s)
            </button>
          </form>
        </article>
      )}
      <form class="toolbar" onSubmit={save}>
        <label>
          <span>Gold file (.csv)</span>
          <input value={path} onInput={(event) => setPath(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={(labels?.labels.length ?? 0) === 0}>
          Write gold file
        </button>
      </form>
      {saved !== "" && (
        <p role="status">
          Written: {saved}.{" "}
          <Command text={`halfprice eval ${id} --gold-file ${saved} --gold gold --answer ${column}`} />
        </p>
      )}
    </div>
  );
}
