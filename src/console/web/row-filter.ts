import { useEffect, useMemo, useState } from "preact/hooks";
import type { Outcome, RowFilter } from "../views.ts";

/** The filter of the rows, and what changes it. */
export interface FilterState {
  /** What is asked for. Follows the fields of text when nobody types. */
  readonly filter: RowFilter;
  /** As it stands in the field. */
  readonly text: string;
  readonly where: string;
  readonly setText: (text: string) => void;
  readonly setWhere: (where: string) => void;
  readonly toggleOutcome: (outcome: Outcome) => void;
  /** Takes the value away where it is undefined. */
  readonly setEqual: (column: string, value: string | null | undefined) => void;
  /** Takes the range away where it is undefined. */
  readonly setRange: (column: string, range: readonly [number, number] | undefined) => void;
}

/** The filter of a page of rows; begins with that of its address. */
export function useRowFilter(query: URLSearchParams): FilterState {
  const [picked, setFilter] = useState<RowFilter>(() => readFilter(query));
  const [typed, setTyped] = useState({ text: "", where: "" });
  const [text, setText] = useState("");
  const [where, setWhere] = useState("");
  const filter = useMemo(
    (): RowFilter => ({
      ...picked,
      ...(typed.text === "" ? {} : { text: typed.text }),
      ...(typed.where.trim() === "" ? {} : { where: typed.where }),
    }),
    [picked, typed.text, typed.where],
  );

  // Nothing is asked while somebody types.
  useEffect(() => {
    const timer = setTimeout(() => setTyped({ text, where }), 250);
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
  return { filter, text, where, setText, setWhere, toggleOutcome, setEqual, setRange };
}

function readFilter(query: URLSearchParams): RowFilter {
  const outcome = query.get("outcome");
  const [column, value] = [query.get("column"), query.get("value")];
  return {
    ...(outcome === null ? {} : { outcomes: [outcome] }),
    ...(column === null || value === null ? {} : { equals: { [column]: value } }),
  };
}
