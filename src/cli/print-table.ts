import { colors } from "./terminal.ts";

export interface TableColumn {
  readonly head: string;
  readonly align?: "right";
}

/** A table of plain text: columns as wide as their cells, cut to fit the width. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width = 100,
): string[] {
  const most = Math.max(12, Math.floor((width - 2 * (columns.length - 1)) / columns.length));
  const clean = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ")));
  const needed = columns.map(({ head }, index) =>
    Math.max([...head].length, ...clean.map((row) => [...(row[index] ?? "")].length)),
  );
  // What short columns do not need, the long ones may have.
  const spare = needed.reduce((sum, each) => sum + Math.max(0, most - each), 0);
  const long = needed.filter((each) => each > most).length;
  const widths = needed.map((each) => Math.min(each, most + (long === 0 ? 0 : Math.floor(spare / long))));
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align))
      .join("  ")
      .trimEnd();
  return [colors.dim(format(columns.map(({ head }) => head))), ...clean.map(format)];
}

function pad(cell: string, width: number, align: "right" | undefined): string {
  const letters = [...cell];
  const cut = letters.length > width ? `${letters.slice(0, Math.max(0, width - 1)).join("")}…` : cell;
  const space = " ".repeat(Math.max(0, width - [...cut].length));
  return align === "right" ? space + cut : cut + space;
}

/** A cell as text: nested values as JSON, NULL as nothing. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
