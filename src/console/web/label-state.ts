import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { LabelTask, RunLabels, WholeRow } from "../views.ts";
import { get, post, useLoaded } from "./api.ts";
import { showCell } from "./format.ts";

/** What is labelled: some rows of a run, in one column of its answers. */
export interface LabelSource {
  /** The address of the run, `/api/runs/ID`. */
  readonly base: string;
  readonly column: string;
  readonly task: LabelTask;
}

interface Labelled {
  readonly row: number;
  readonly label: string;
  readonly answer: string;
}

/** How far the labelling is, and what can be said of the row that is shown. */
export interface LabelState {
  readonly labels: RunLabels | undefined;
  /** Of the rows of the task. */
  readonly labelledCount: number;
  /** The row to be labelled; undefined where none is left. */
  readonly row: number | undefined;
  /** That row, once it is loaded. */
  readonly current: WholeRow | undefined;
  /** Its answer. */
  readonly answer: string;
  /** The labels that have what stands in the field. */
  readonly choices: readonly string[];
  /** What stands in the field: the beginning of a label, or another one. */
  readonly own: string;
  readonly last: Labelled | undefined;
  readonly problem: Error | undefined;
  readonly setOwn: (text: string) => void;
  readonly setProblem: (problem: Error) => void;
  readonly give: (label: string) => void;
  /** Takes the last label back. */
  readonly undo: () => void;
  readonly skip: () => void;
}

/** The labels of a run as they are given, one row after the other. */
export function useLabelling({ base, column, task }: LabelSource): LabelState {
  const [labels, setLabels] = useState<RunLabels>();
  const [skipped, setSkipped] = useState<ReadonlySet<number>>(new Set());
  const [own, setOwn] = useState("");
  const [last, setLast] = useState<Labelled>();
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
  return {
    labels,
    labelledCount: task.rows.filter((each) => done.has(each)).length,
    ...{ row, current, answer },
    choices: task.choices.filter((choice) => choice.toLowerCase().includes(own.toLowerCase())),
    ...{ own, last, problem: problem ?? error, setOwn, setProblem, give, undo, skip },
  };
}

/** Keys: 1 to 9 give a label, y says that the answer is right, / finds, s skips, u undoes. */
export function useLabelKeys(state: LabelState, isBlind: boolean, finder: RefObject<HTMLInputElement | null>): void {
  // Before the row is painted: a key that is pressed at once means the row that is seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test((event.target as HTMLElement).tagName)) return;
      const choice = /^[1-9]$/.test(event.key) ? state.choices[Number(event.key) - 1] : undefined;
      if (choice !== undefined) state.give(choice);
      else if (event.key === "y" && !isBlind) state.give(state.answer);
      else if (event.key === "/") finder.current?.focus();
      else if (event.key === "s") state.skip();
      else if (event.key === "u") state.undo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}
