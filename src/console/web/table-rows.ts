import type { RefObject } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Cell, TableWindow } from "../views.ts";

/** Of a row and of the head, in pixels. */
export const rowHeight = 30;
/** Browsers cut elements off beyond about 17 million pixels: above this, a pixel of the scroll bar is several rows. */
const maxHeight = 8_000_000;
const pageRows = 100;

/** A row that was loaded. */
export interface LoadedRow {
  /** In the table, from 1. */
  readonly row: number;
  readonly cells: readonly Cell[];
}

/** Loads some of the rows that are shown, from 0. */
export type LoadRows = (from: number, count: number, signal: AbortSignal) => Promise<TableWindow>;

/** The rows that are in sight, and a few pages around them, by their places in what is shown. */
export function useTableRows(
  load: LoadRows,
  first: number,
  visibleCount: number,
  rowCount: number,
): ReadonlyMap<number, LoadedRow> {
  const [, setLoadedCount] = useState(0);
  const rows = useMemo(() => new Map<number, LoadedRow>(), [load]);
  const pending = useMemo(() => new Set<number>(), [load]);
  useEffect(() => {
    const controller = new AbortController();
    const from = Math.max(0, Math.floor((first - 20) / pageRows));
    const to = Math.floor((first + visibleCount + 20) / pageRows);
    for (let page = from; page <= to && page * pageRows < rowCount; page += 1) {
      if (pending.has(page)) continue;
      pending.add(page);
      load(page * pageRows, pageRows, controller.signal).then(
        (window) => {
          window.rows.forEach((each, index) => rows.set(page * pageRows + index, each));
          // A search that goes on has more for this page later.
          if (window.rows.length < pageRows && !window.isComplete) pending.delete(page);
          setLoadedCount((count) => count + 1);
        },
        () => pending.delete(page),
      );
    }
    return undefined;
  }, [first, visibleCount, load, rowCount]);
  return rows;
}

/** Which rows are in sight, and which one is active; both follow the scroll bar and the keys. */
export interface TableScroll {
  /** The first row in sight, from 0. */
  readonly first: number;
  readonly visibleCount: number;
  /** Of all rows, in pixels. */
  readonly scrollHeight: number;
  readonly active: number;
  readonly setActive: (row: number) => void;
  /** Where a row stands below the top, in pixels. */
  readonly toScroll: (row: number) => number;
  readonly onScroll: () => void;
  /** Makes a row the active one, and scrolls to it where it is not in sight. */
  readonly moveTo: (row: number) => void;
}

/** Follows what the scroller shows of the rows; begins at the top again where `load` is a new one. */
export function useTableScroll(
  scroller: RefObject<HTMLDivElement | null>,
  load: LoadRows,
  rowCount: number,
): TableScroll {
  const [first, setFirst] = useState(0);
  const [active, setActive] = useState(0);
  const height = useHeight(scroller);
  const visibleCount = Math.ceil(height / rowHeight) + 1;
  const scrollHeight = Math.min(maxHeight, rowCount * rowHeight);
  const lastFirst = Math.max(0, rowCount - Math.floor(height / rowHeight));

  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    setFirst(0);
    setActive(0);
  }, [load]);

  const toScroll = (row: number): number =>
    lastFirst === 0 ? 0 : (row / lastFirst) * Math.max(0, scrollHeight - height);
  const onScroll = (): void => {
    const top = scroller.current?.scrollTop ?? 0;
    const range = Math.max(1, scrollHeight - height);
    setFirst(Math.min(lastFirst, Math.round((top / range) * lastFirst)));
  };
  const moveTo = (row: number): void => {
    const next = Math.max(0, Math.min(rowCount - 1, row));
    setActive(next);
    const inSight = next >= first && next < first + visibleCount - 2;
    if (inSight || scroller.current === null) return;
    const top = next < first ? next : next - visibleCount + 3;
    scroller.current.scrollTop = toScroll(Math.max(0, Math.min(lastFirst, top)));
    setFirst(Math.max(0, Math.min(lastFirst, top)));
  };
  return { first, visibleCount, scrollHeight, active, setActive, toScroll, onScroll, moveTo };
}

/** The height that rows have, without the head. */
function useHeight(scroller: RefObject<HTMLDivElement | null>): number {
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight - rowHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return height;
}
