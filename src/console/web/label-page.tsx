import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { quoteWord } from "../shell-word.ts";
import type { LabelTask, RunLabels, RunPage } from "../views.ts";
import { get, post, runPath, useLoaded } from "./api.ts";
import { formatFigure, formatNumberOf, showText } from "./format.ts";
import { type LabelSource, type LabelState, useLabelKeys, useLabelling } from "./label-state.ts";
import { AnswerSelect, Command, Crumbs, Problem } from "./parts.tsx";

/** Says of answers at random whether they are right, by keyboard; the labels become a gold file. */
export function LabelPage({ id }: { id: string }) {
  const base = runPath(id);
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
      <Crumbs id={id} />
      <h1>Label</h1>
      <Problem error={error ?? problem} />
      {task === undefined ? (
        <form class="toolbar" onSubmit={begin}>
          <AnswerSelect columns={page?.answerColumns} value={chosen} onChange={setColumn} />
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

interface LabellingProps extends LabelSource {
  readonly id: string;
  readonly isBlind: boolean;
}

function Labelling({ id, isBlind, ...source }: LabellingProps) {
  const { task } = source;
  const state = useLabelling(source);
  const finder = useRef<HTMLInputElement>(null);
  useLabelKeys(state, isBlind, finder);
  const { labels, last, row, current, labelledCount } = state;
  return (
    <div class="labelling">
      <p role="status">
        <strong>
          {labelledCount} of {task.rows.length}
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
      <progress max={task.rows.length} value={labelledCount} aria-label="Labelled" />
      <Problem error={state.problem} />
      {last !== undefined && (
        <p class="soft">
          Row {last.row}: you said <b>{showText(last.label)}</b>, the answer was <b>{last.answer}</b>.{" "}
          <button type="button" class="link" onClick={state.undo}>
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
              Answer: <b>{state.answer}</b>{" "}
              <button type="button" onClick={() => state.give(state.answer)}>
                Right (y)
              </button>
            </p>
          )}
          <Choices state={state} finder={finder} />
        </article>
      )}
      <GoldFile base={source.base} id={id} column={source.column} labels={labels} onProblem={state.setProblem} />
    </div>
  );
}

/** The labels to choose from, and the field that finds one or takes another. */
function Choices({ state, finder }: { state: LabelState; finder: RefObject<HTMLInputElement | null> }) {
  const { choices, own, setOwn, give, skip } = state;
  const giveFirst = (event: Event): void => {
    event.preventDefault();
    give(choices[0] ?? own);
    finder.current?.blur();
  };
  return (
    <>
      <ul class="choices">
        {choices.map((choice, index) => (
          <li key={choice}>
            <button type="button" class="quiet" onClick={() => give(choice)}>
              {index < 9 && <kbd>{index + 1}</kbd>} {showText(choice)}
            </button>
          </li>
        ))}
      </ul>
      <form class="inline" onSubmit={giveFirst}>
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
    </>
  );
}

interface GoldFileProps {
  readonly base: string;
  readonly id: string;
  readonly column: string;
  readonly labels: RunLabels | undefined;
  readonly onProblem: (problem: Error) => void;
}

/** Writes the labels into a file that `halfprice eval` takes. */
function GoldFile({ base, id, column, labels, onProblem }: GoldFileProps) {
  const [path, setPath] = useState("gold.csv");
  const [saved, setSaved] = useState("");
  const save = (event: Event): void => {
    event.preventDefault();
    post<{ path: string }>(`${base}/gold`, { column, path }).then((written) => setSaved(written.path), onProblem);
  };
  return (
    <>
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
          <Command
            text={`halfprice eval ${id} --gold-file ${quoteWord(saved)} --gold gold --answer ${quoteWord(column)}`}
          />
        </p>
      )}
    </>
  );
}
