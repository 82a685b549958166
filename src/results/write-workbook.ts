import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CellValue } from "hucre/xlsx";
import type { Cell, Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";

/** Limits of Excel (support.microsoft.com, "Excel specifications and limits", read 2026-11-30). */
const mostRows = 1_048_576;
const mostColumns = 16_384;
const mostLetters = 32_767;

/**
 * Writes a table as an Excel workbook, row by row: memory does not grow with its rows. Texts stay texts and are never formulas; nested
 * values are JSON text, numbers that a spreadsheet would round are text.
 * @throws Error in words where the table is larger than a sheet may be, or a cell longer
 */
export async function writeWorkbook(engine: Engine, source: string, path: string): Promise<void> {
  const { writeXlsxStream } = await import("hucre/xlsx");
  const relation = `read_parquet(${quoteText(source)})`;
  const described = await engine.rows(`DESCRIBE SELECT * FROM ${relation}`);
  const [counted] = await engine.rows(`SELECT count(*) AS rows FROM ${relation}`);
  const rowCount = Number(counted?.["rows"]);
  if (rowCount >= mostRows || described.length > mostColumns) {
    const size = `${rowCount.toLocaleString("en-US")} rows and ${described.length.toLocaleString("en-US")} columns`;
    throw new Error(
      `the table has ${size}; a sheet takes ${(mostRows - 1).toLocaleString("en-US")} and ${mostColumns.toLocaleString("en-US")}`,
    );
  }
  const names = described.map((row) => String(row["column_name"]));
  const columns = described.map((row) => {
    const name = quoteName(String(row["column_name"]));
    const type = String(row["column_type"]);
    if (/[[(]/.test(type) && !type.startsWith("DECIMAL")) return `to_json(${name})::VARCHAR`;
    return /^(U?(TINY|SMALL|BIG)?INTEGER|U?BIGINT|U?SMALLINT|U?TINYINT|DOUBLE|FLOAT|BOOLEAN)$/.test(type)
      ? name
      : `${name}::VARCHAR`;
  });
  async function* rows(): AsyncGenerator<CellValue[]> {
    yield names;
    for await (const chunk of engine.chunks(`SELECT ${columns.join(", ")} FROM ${relation}`)) {
      const count = chunk[0]?.length ?? 0;
      for (let row = 0; row < count; row += 1)
        yield chunk.map((cells, column) => fit(cells[row] ?? null, names[column] ?? ""));
    }
  }
  const stream = writeXlsxStream(rows(), { name: "results" });
  const bytes = Readable.fromWeb(stream);
  await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
}

function fit(cell: Cell, column: string): CellValue {
  // Nested values are text by now.
  if (typeof cell === "object") return null;
  if (typeof cell !== "string" || cell.length <= mostLetters) return cell;
  throw new Error(
    `a cell of the column ${column} has ${cell.length.toLocaleString("en-US")} letters; a cell of a workbook takes ${mostLetters.toLocaleString("en-US")}`,
  );
}
