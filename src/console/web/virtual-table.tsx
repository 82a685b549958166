import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Cell, TableWindow } from "../views.ts";
import { formatCount, showCell } from "./format.ts";

/** A column of the table as it is shown. */
export interface ShownColumn {
  readonly name: string;
  readonly width: number;
  readonly isPinned: boolean;
  /** Its width is that of its cells, or was chosen. */
  readonly isFitted: boolean;
  readonly isNumber: boolean;
  readonly of: "input" | "answer" | "meta";
}

interface TableProps {
  readonly columns: readonly ShownColumn[];
  /** Rows of what is shown; changes with the filter. */
  readonly rowCount: number;
  /** A new one empties what was loaded. */
  readonly load: (from: number, count: number, signal: AbortSignal) => Promise<TableWindow>;
  readonly onOpen: (row: number) => void;
  readonly onResize: (name: string, width: number) => void;
  readonly onChart: (name: string) => void;
  readonly outcomeColumn: string;
}

const rowHeight = 30;
/** Browsers cut elements off beyond about 17 million pixels: above this, a pixel of the scroll bar is several rows. */
const maxHeight = 8_000_000;
const pageRows = 100;
const numberWidth = 84;

interface LoadedRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}

/** A table of any number of rows, of which only those in sight are there. Keys: arrows, Page, Home, End, Enter. */
export function VirtualTable({ columns, rowCount, load, onOpen, onResize, onChart, outcomeColumn }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(600);
  const [active, setActive] = useState(0);
  const [, setLoadedCount] = useState(0);
  const rows = useMemo(() => new Map<number, LoadedRow>(), [load]);
  const pending = useMemo(() => new Set<number>(), [load]);
  const visibleCount = Math.ceil(height / rowHeight) + 1;
  const scrollHeight = Math.min(maxHeight, rowCount * rowHeight);
  const lastFirst = Math.max(0, rowCount - Math.floor(height / rowHeight));

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight - rowHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    setFirst(0);
    setActive(0);
  }, [load]);

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
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = visibleCount - 2;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rowCount - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.key === "Enter" && event.target === scroller.current) {
      const row = rows.get(active);
      if (row !== undefined) onOpen(row.row);
    }
  };

  const pinned = columns.filter(({ isPinned }) => isPinned);
  const ordered = [...pinned, ...columns.filter(({ isPinned }) => !isPinned)];
  const template = `${numberWidth}px ${ordered.map(({ width }) => `${width}px`).join(" ")}`;
  const totalWidth = numberWidth + ordered.reduce((sum, { width }) => sum + width, 0);
  const leftOf = (name: string): number => {
    let left = numberWidth;
    for (const each of pinned) {
      if (each.name === name) return left;
      left += each.width;
    }
    return left;
  };
  const place = (column: ShownColumn): Readonly<Record<string, string>> =>
    column.isPinned ? { left: `${leftOf(column.name)}px` } : {};
  const shown = Array.from(
    { length: Math.max(0, Math.min(visibleCount, rowCount - first)) },
    (_, index) => first + index,
  );
  const indexOf = new Map(columns.map(({ name }, index) => [name, index]));

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-rowcount={rowCount + 1}
      aria-colcount={ordered.length + 1}
      aria-label="Rows"
      aria-activedescendant={rowCount === 0 ? undefined : `row-${active}`}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div
        class="grid-head"
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: template, width: `${totalWidth}px` }}
      >
        <div class="cell head number pinned" role="columnheader">
          row
        </div>
        {ordered.map((column) => (
          <div
            key={column.name}
            class={`cell head of-${column.of}${column.isPinned ? " pinned" : ""}`}
            role="columnheader"
            style={place(column)}
          >
            <button type="button" class="head-name" title={`Chart ${column.name}`} onClick={() => onChart(column.name)}>
              {showCell(column.name)}
            </button>
            <Handle column={column} onResize={onResize} />
          </div>
        ))}
      </div>
      <div role="rowgroup" class="grid-space" style={{ height: `${scrollHeight}px`, width: `${totalWidth}px` }}>
        <div class="grid-rows" role="presentation" style={{ transform: `translateY(${toScroll(first)}px)` }}>
          {shown.map((at) => {
            const row = rows.get(at);
            return (
              <div
                key={at}
                id={`row-${at}`}
                role="row"
                aria-rowindex={at + 2}
                aria-selected={at === active}
                class={at === active ? "grid-row active" : "grid-row"}
                style={{ gridTemplateColumns: template }}
                onClick={() => {
                  setActive(at);
                  if (row !== undefined) onOpen(row.row);
                }}
              >
                <div class="cell number pinned" role="rowheader">
                  {row === undefined ? "…" : formatCount(row.row)}
                </div>
                {ordered.map((column) => {
                  const text = row === undefined ? "" : showCell(row.cells[indexOf.get(column.name) ?? 0]);
                  const outcome = column.name === outcomeColumn ? ` outcome o-text-${text}` : "";
                  return (
                    <div
                      key={column.name}
                      role="gridcell"
                      class={`cell${column.isNumber ? " right" : ""}${column.isPinned ? " pinned" : ""}${outcome}`}
                      style={place(column)}
                    >
                      {text}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Dragged, or moved with the arrow keys. */
function Handle({ column, onResize }: { column: ShownColumn; onResize: TableProps["onResize"] }) {
  const onPointerDown = (event: PointerEvent): void => {
    const element = event.currentTarget as HTMLElement;
    const [start, width] = [event.clientX, column.width];
    element.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent): void => onResize(column.name, Math.max(60, width + move.clientX - start));
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", () => element.removeEventListener("pointermove", onMove), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const change = event.key === "ArrowRight" ? 20 : event.key === "ArrowLeft" ? -20 : 0;
    if (change === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(column.name, Math.max(60, column.width + change));
  };
  return (
    <button
      type="button"
      class="handle"
      aria-label={`Width of ${column.name}: ${column.width} pixels; arrow keys change it`}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
