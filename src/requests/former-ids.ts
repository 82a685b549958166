import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { restoreMarks } from "../engine/cell-text.ts";
import { numberedRows, quoteText, writeOptions } from "../engine/sql.ts";
import { commitFile } from "../foundation/commit-file.ts";
import { parseTemplate } from "../prompt/template.ts";
import { bodySql } from "./body-sql.ts";
import { recordFiles } from "./record-files.ts";
import { renderSql } from "./render-sql.ts";
import type { RecordSource } from "./write-lines.ts";

/** Which names the records had in older versions, where they had others: record_id, former_id. Below the run's directory. */
export const formerIdsFile = "former-ids.parquet";

/**
 * Writes down under which names older versions knew this run's records, so that answers that were paid for are found. They
 * rendered timestamps with a zone in the zone of the machine, and took the line ends of a prompt file as they were. Where neither
 * can have made a difference, nothing is written and nothing is rendered.
 * @param timezone the zone of this run
 */
export async function writeFormerIds(source: RecordSource, timezone = "UTC"): Promise<void> {
  const { engine, table, directory, prompt } = source;
  const path = join(directory, formerIdsFile);
  rmSync(path, { force: true });
  // No older version had pictures and documents.
  if (source.shape.hasMedia === true) return;
  const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isZoned = machineZone !== timezone && table.columns.some(({ type }) => type.includes("WITH TIME ZONE"));
  const formerText = prompt.kind === "template" ? prompt.formerText : undefined;
  const forms = [...new Set([timezone, ...(isZoned ? [machineZone] : [])])].flatMap((zone) =>
    [undefined, ...(formerText === undefined ? [] : [formerText])].map((text) => ({ zone, text })),
  );
  const others = forms.slice(1);
  if (others.length === 0) return;
  await engine.run("CREATE OR REPLACE TEMP TABLE former_ids (record_id VARCHAR, former_id VARCHAR)");
  for (const { zone, text } of others) {
    const own =
      text !== undefined && prompt.kind === "template"
        ? { ...source, prompt: { ...prompt, text, parts: parseTemplate(text, prompt.source) } }
        : source;
    await addFormerIds(own, zone);
  }
  await engine.run(`SET TimeZone = ${quoteText(timezone)}`);
  await engine.run(`COPY former_ids TO ${quoteText(`${path}.tmp`)} (${writeOptions.parquet})`);
  commitFile(path);
  await engine.run("DROP TABLE former_ids");
}

/** A relation of record_id and former_id, or undefined where the records always had the names that they have. */
export function findFormerIds(directory: string): string | undefined {
  const path = join(directory, formerIdsFile);
  return existsSync(path) ? `read_parquet(${quoteText(path)})` : undefined;
}

async function addFormerIds(
  { engine, table, prompt, shape, directory, onPromptError }: RecordSource,
  zone: string,
): Promise<void> {
  const { answersPerRow, answerColumn } = shape;
  const asked =
    answersPerRow === undefined
      ? table
      : { ...table, columns: table.columns.filter(({ name }) => name !== answerColumn) };
  const { text } = renderSql(engine, asked, prompt, onPromptError);
  const { body, recordId } = bodySql(shape);
  const number = answersPerRow === undefined ? undefined : "answer_number";
  const numbered = number === undefined ? "" : `, "${answerColumn}" AS ${number}`;
  const id = recordId(body(restoreMarks("text", table.marked)), number);
  const ids = join(directory, `${formerIdsFile}.rows`);
  await engine.run(`SET TimeZone = ${quoteText(zone)}`);
  await engine.run(`
    COPY (SELECT ${id} AS former_id FROM (SELECT ${text} AS text${numbered} FROM ${table.marked?.relation ?? table.relation}))
    TO ${quoteText(ids)} (${writeOptions.parquet})`);
  await engine.run(`
    INSERT INTO former_ids
    SELECT DISTINCT r.record_id, f.former_id
    FROM ${numberedRows(join(directory, recordFiles.records))} r JOIN ${numberedRows(ids)} f USING (row)
    WHERE r.record_id IS NOT NULL AND r.record_id <> f.former_id`);
  rmSync(ids);
}
