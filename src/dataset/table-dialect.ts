/** How a table's file is written, where that is not what halfprice finds out by itself. */
export interface TableDialect {
  /** Of a workbook: its name, or its number from 1. */
  readonly sheet?: string;
  /** One character; of CSV and TSV, as all that follow. */
  readonly delimiter?: string;
  /** One character; empty where quotes are letters like others. */
  readonly quote?: string;
  /** The first row is data: columns are called `column_1` and so on. */
  readonly hasHeader?: false;
  /** Lines before the names of columns. */
  readonly skippedRows?: number;
  /** A label of the WHATWG Encoding Standard, such as `windows-1252`; of JSON Lines too. */
  readonly encoding?: string;
}
