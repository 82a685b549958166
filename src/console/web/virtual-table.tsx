import { useRef } from "preact/hooks";
import { formatCount, showCell } from "./format.ts";
import { type LoadedRow, type LoadRows, useTableRows, useTableScroll } from "./table-rows.ts";

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
  readonly load: LoadRows;
  readonly onOpen: (row: number) => void;
  readonly onResize: (name: string, width: number) => void;
  readonly onChart: (name: string) => void;
  readonly outcomeColumn: string;
}

const numberWidth = 84;

/** A table of any number of rows, of which only those in sight are there. Keys: arrows, Page, Home, End, Enter. */
export function VirtualTable(props: TableProps) {
  const { columns, rowCount, load, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const scroll = useTableScroll(scroller, load, rowCount);
  const { first, visibleCount, scrollHeight, active, setActive, toScroll, onScroll, moveTo } = scroll;
  const rows = useTableRows(load, first, visibleCount, rowCount);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = findMove(event.key, active, visibleCount - 2, rowCount);
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.key === "Enter" && event.target === scroller.current) {
      // Else the same key would press the first button of what opens.
      event.preventDefault();
      const row = rows.get(active);
      if (row !== undefined) onOpen(row.row);
    }
  };
  const layout = layOut(columns);
  const shown = Array.from(
    { length: Math.max(0, Math.min(visibleCount, rowCount - first)) },
    (_, index) => first + index,
  );
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-rowcount={rowCount + 1}
      aria-colcount={layout.ordered.length + 1}
      aria-label="Rows"
      aria-activedescendant={rowCount === 0 ? undefined : `row-${active}`}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <Head layout={layout} onResize={props.onResize} onChart={props.onChart} />
      <div role="rowgroup" class="grid-space" style={{ height: `${scrollHeight}px`, width: `${layout.width}px` }}>
        <div class="grid-rows" role="presentation" style={{ transform: `translateY(${toScroll(first)}px)` }}>
          {shown.map((at) => {
            const row = rows.get(at);
            const open = (): void => {
              setActive(at);
              if (row !== undefined) onOpen(row.row);
            };
            const rest = { layout, outcomeColumn: props.outcomeColumn, onOpen: open };
            return <Row key={at} at={at} row={row} isActive={at === active} {...rest} />;
          })}
        </div>
      </div>
    </div>
  );
}

/** @returns the row that a key leads to; undefined for other keys */
function findMove(key: string, active: number, page: number, rowCount: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: rowCount - 1,
  };
  return moves[key];
}

/** Where the columns stand. */
interface Layout {
  /** The pinned ones first. */
  readonly ordered: readonly ShownColumn[];
  /** The place of each among the cells of a row. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly template: string;
  readonly width: number;
  readonly place: (column: ShownColumn) => Readonly<Record<string, string>>;
}

function layOut(columns: readonly ShownColumn[]): Layout {
  const pinned = columns.filter(({ isPinned }) => isPinned);
  const ordered = [...pinned, ...columns.filter(({ isPinned }) => !isPinned)];
  const leftOf = (name: string): number => {
    let left = numberWidth;
    for (const each of pinned) {
      if (each.name === name) return left;
      left += each.width;
    }
    return left;
  };
  return {
    ordered,
    indexOf: new Map(columns.map(({ name }, index) => [name, index])),
    template: `${numberWidth}px ${ordered.map(({ width }) => `${width}px`).join(" ")}`,
    width: numberWidth + ordered.reduce((sum, { width }) => sum + width, 0),
    place: (column) => (column.isPinned ? { left: `${leftOf(column.name)}px` } : {}),
  };
}

interface HeadProps extends Pick<TableProps, "onResize" | "onChart"> {
  readonly layout: Layout;
}

function Head({ layout: { ordered, template, width, place }, onResize, onChart }: HeadProps) {
  return (
    <div class="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, width: `${width}px` }}>
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
  );
}

interface RowProps {
  readonly at: number;
  /** Undefined until it is loaded. */
  readonly row: LoadedRow | undefined;
  readonly isActive: boolean;
  readonly layout: Layout;
  readonly outcomeColumn: string;
  readonly onOpen: () => void;
}

function Row({ at, row, isActive, layout: { ordered, indexOf, template, place }, outcomeColumn, onOpen }: RowProps) {
  return (
    <div
      id={`row-${at}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isActive}
      class={isActive ? "grid-row active" : "grid-row"}
      style={{ gridTemplateColumns: template }}
      onClick={onOpen}
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
