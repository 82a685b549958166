import type { RecordSummary, Table } from "../foundation/types/index.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { spellingOf } from "./find-column.ts";

/** So many columns are named. */
const shownColumns = 12;

/** What to know of a prompt and its table before anything is sent; in sentences. */
export function findPromptWarnings(
  prompt: Prompt,
  table: Table,
  { rowCount, recordCount, duplicateCount, promptFailures, mediaFailures }: RecordSummary,
): string[] {
  return [
    ...findNoColumn(prompt, table),
    ...(prompt.kind === "function" && duplicateCount > 0 && rowCount - duplicateCount === 1 && recordCount <= 1
      ? ["The prompt function gives the same text for every row: all rows share one answer."]
      : []),
    ...(promptFailures === undefined
      ? []
      : [
          `The prompt function failed at ${promptFailures.count.toLocaleString("en-US")} ${promptFailures.count === 1 ? "row, which is" : "rows, which are"} skipped; the first is row ${promptFailures.row.toLocaleString("en-US")}: ${promptFailures.reason}.`,
        ]),
    ...(mediaFailures === undefined
      ? []
      : [
          `${mediaFailures.count.toLocaleString("en-US")} ${mediaFailures.count === 1 ? "row is" : "rows are"} skipped for a picture or document that cannot be sent; the first is row ${mediaFailures.row.toLocaleString("en-US")}: ${mediaFailures.reason}.`,
        ]),
    ...(table.notes ?? []),
  ];
}

/** A template that uses no column asks every row the same, and pays once. */
function findNoColumn(prompt: Prompt, { columns }: Table): string[] {
  if (prompt.kind !== "template" || prompt.parts.some(({ kind }) => kind !== "text")) return [];
  const names = columns.map(spellingOf);
  const written = names.map(placeholder);
  const more = written.length > shownColumns ? `, and ${written.length - shownColumns} more` : "";
  const text = prompt.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  const single = names.find((name) => text.includes(`{${name}}`) || text.includes(`{ ${name} }`));
  const isEscaped = /\\\{\{/.test(prompt.text);
  const hint = isEscaped
    ? " In front of {{ a backslash makes it text: write \\\\{{ … }} for a backslash and a cell."
    : single === undefined
      ? ""
      : ` {${single}} is text; write ${placeholder(single)}.`;
  return [
    `The prompt uses no column of the table, so every row asks the same and shares one answer.${hint} Columns: ${written.slice(0, shownColumns).join(", ")}${more}.`,
  ];
}

const placeholder = (name: string): string =>
  /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u.test(name) && name !== "row"
    ? `{{${name}}}`
    : `{{ ${JSON.stringify(name)} }}`;
