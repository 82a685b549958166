/** A table with texts and their right labels: CSV, TSV, or one JSON object a line. */
import { isObject } from "../family.ts";

/**
 * @param text the file's content
 * @throws Error where a column is missing, or the table has no row
 */
export function readGold(content: string, textColumn: string, labelColumn: string): ReadonlyMap<string, string> {
  const text = content.replace(/^\ufeff/, "");
  const gold = new Map<string, string>();
  // Of a text that comes twice the first label counts.
  const add = (cell: string, label: string): void => {
    if (cell !== "" && label !== "" && !gold.has(cell)) gold.set(cell, label);
  };
  if (text.trimStart().startsWith("{")) {
    for (const line of text.split("\n")) {
      if (line.trim() === "") continue;
      const row: unknown = JSON.parse(line);
      if (isObject(row)) add(String(row[textColumn] ?? ""), String(row[labelColumn] ?? ""));
    }
  } else {
    const rows = readCells(text);
    const header = rows.next().value ?? [];
    const [textAt, labelAt] = [header.indexOf(textColumn), header.indexOf(labelColumn)];
    const missing = textAt < 0 ? textColumn : labelAt < 0 ? labelColumn : undefined;
    if (missing !== undefined) throw new Error(`it has no column ${missing}; its columns are ${header.join(", ")}`);
    for (const cells of rows) add(cells[textAt] ?? "", cells[labelAt] ?? "");
  }
  if (gold.size === 0) throw new Error(`it has no row with both ${textColumn} and ${labelColumn}`);
  return gold;
}

/** The cells of a CSV (RFC 4180), or of a TSV where the first line has tabs and no commas. */
function* readCells(text: string): Generator<string[]> {
  const first = text.slice(0, Math.max(0, text.indexOf("\n")));
  const delimiter = first.includes("\t") && !first.includes(",") ? "\t" : ",";
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0) throw new Error("a cell has a quote that is not closed");
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
      cell = text.slice(at, end);
      at = end;
    }
    cells.push(cell);
    if (text[at] === delimiter) {
      at++;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      cells.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    yield cells;
    cells = [];
  }
}
