import type { Engine } from "../../engine/engine.ts";
import { quoteName, quoteText } from "../../engine/sql.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { makeResultColumns } from "../../results/result-columns.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { RunPaths } from "../../workspace/run-folder.ts";

/** Leaves in the table `retries` only the records of some of the rows of a run's table. @throws BAD_QUERY where it is no condition of the table */
export async function keepRows(
  engine: Engine,
  { output, answerPrefix, answer }: RunFile,
  { results }: RunPaths,
  condition: string,
): Promise<void> {
  const { meta } = makeResultColumns(output, answerPrefix, answer);
  const meant = `SELECT ${quoteName(meta.record_id)} FROM read_parquet(${quoteText(results)}) WHERE (${condition}\n) AND ${quoteName(meta.record_id)} IS NOT NULL`;
  try {
    await engine.run(`DELETE FROM retries WHERE record_id NOT IN (${meant})`);
  } catch (cause) {
    if (isError(cause, "DAMAGED_FILE")) throw cause;
    const reason = (cause as Error).message.replace(/\s*\n+\s*/g, " ").trim();
    throw new HalfpriceError("BAD_QUERY", { query: condition, reason }, { cause });
  }
}
