import { colors } from "./display/colors.ts";
import { padText, shortenText, textWidth, wrapText } from "./display/layout.ts";

/** A column of a table on a terminal. */
export interface TableColumn {
  readonly head: string;
  readonly align?: "right";
  /** It is left out, the last one first, where not all have room. */
  readonly isOptional?: boolean;
}

/** Lines that a cell may take; what does not fit is shortened after a word. */
const cellLines = 6;
const gap = 2;

/**
 * A table of plain text that fits a width: columns as wide as their cells, where there is room; else long cells go on in further lines,
 * between words; and where not even the words fit side by side, each row is a block of lines. A no-break space keeps words together, and is
 * printed as a space.
 * @param width of the terminal, in columns
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = 100,
): string[] {
  return layOut(columns, rows, width).map((line) => line.replaceAll("\u00a0", " "));
}

function layOut(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width = 100): string[] {
  const clean = rows.map((row) => columns.map((_, index) => (row[index] ?? "").replace(/[\t\n\v\f\r ]+/g, " ").trim()));
  const measure = (index: number, size: (cell: string) => number): number =>
    Math.max(size(columns[index]?.head ?? ""), ...clean.map((row) => size(row[index] ?? "")));
  const wanted = columns.map((_, index) => measure(index, textWidth));
  const least = columns.map((_, index) =>
    Math.min(
      wanted[index] ?? 0,
      measure(index, (cell) => Math.max(...cell.split(" ").map(textWidth))),
    ),
  );
  const room = width - gap * (columns.length - 1);
  const sum = (widths: readonly number[]): number => widths.reduce((total, each) => total + each, 0);
  if (sum(least) > room) {
    const spare = columns.findLastIndex(({ isOptional }) => isOptional === true);
    if (spare === -1) return formatBlocks(columns, clean, width);
    return layOut(
      columns.toSpliced(spare, 1),
      clean.map((row) => row.toSpliced(spare, 1)),
      width,
    );
  }
  const widths = sum(wanted) <= room ? wanted : share(wanted, least, room);
  const format = (cells: readonly string[]): string[] => {
    const lines = cells.map((cell, index) => fitCell(cell, widths[index] ?? 0));
    const height = Math.max(1, ...lines.map((each) => each.length));
    return Array.from({ length: height }, (_, line) =>
      lines
        .map((each, index) => padText(each[line] ?? "", widths[index] ?? 0, columns[index]?.align))
        .join(" ".repeat(gap))
        .trimEnd(),
    );
  };
  return [...format(columns.map(({ head }) => head)).map((line) => colors.dim(line)), ...clean.flatMap(format)];
}

/** Gives short columns all they want, and long ones equal parts of what is left. */
function share(wanted: readonly number[], least: readonly number[], room: number): number[] {
  let [low, high] = [0, Math.max(...wanted)];
  const cut = (most: number): number[] =>
    wanted.map((each, index) => Math.max(least[index] ?? 0, Math.min(each, most)));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cut(middle).reduce((total, each) => total + each, 0) <= room) low = middle;
    else high = middle;
  }
  return cut(low);
}

function fitCell(cell: string, width: number): string[] {
  const lines = wrapText(cell, width);
  if (lines.length <= cellLines) return lines;
  const last = shortenText(lines.slice(cellLines - 1).join(" "), width);
  return [...lines.slice(0, cellLines - 1), last];
}

/** Rows one below the other, each cell on a line of its own with the name of its column. */
function formatBlocks(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width: number): string[] {
  const label = Math.max(...columns.map(({ head }) => textWidth(head))) + gap;
  return rows.flatMap((row, number) => [
    ...(number === 0 ? [] : [""]),
    ...row.flatMap((cell, index) => {
      if (cell === "") return [];
      const [first = "", ...rest] = fitCell(cell, Math.max(20, width - label));
      return [
        colors.dim(padText(columns[index]?.head ?? "", label)) + first,
        ...rest.map((line) => " ".repeat(label) + line),
      ];
    }),
  ]);
}

/** A cell as text: nested values as JSON, NULL as nothing. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
