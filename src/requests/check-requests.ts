import type { Engine } from "../engine/engine.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { BodiesSummary, Table } from "../foundation/types/index.ts";
import { BodiesSummarizer, isObject } from "../models/body-summary.ts";
import { type BodyTarget, findBodyProblems } from "../models/check-body.ts";
import { classifyBody } from "../models/classify-body.ts";
import type { Family } from "../models/family.ts";
import type { RawPrompt } from "../prompt/prompt.ts";
import { cellOfRaw } from "./render-sql.ts";

/** What a table of ready bodies holds. */
export interface RawRequests {
  readonly engine: Engine;
  readonly table: Table;
  readonly prompt: RawPrompt;
  /** How the table is called in errors. */
  readonly shownPath: string;
  readonly family: Family;
  readonly model: BodyTarget;
}

/** So many bad requests are shown. */
const shownProblems = 8;

/**
 * Holds every ready body against the family that will read it: the service would find the same only after the upload,
 * record by record, in a job that ends Completed.
 * @throws UNKNOWN_COLUMN, BAD_REQUESTS, MIXED_REQUESTS
 */
export async function checkRequests(requests: RawRequests): Promise<BodiesSummary> {
  const { engine, table, prompt, shownPath, family, model } = requests;
  const kinds = new Map<string, { count: number; row: number; fits: boolean }>();
  const problems: string[] = [];
  const summary = new BodiesSummarizer();
  let badCount = 0;
  let row = 0;
  const look = (text: string): void => {
    row += 1;
    if (text.trim() === "") return;
    const body = parse(text);
    const look = isObject(body) ? family.inspectBody(body) : undefined;
    const found =
      isObject(body) && look !== undefined ? findBodyProblems(family, body, model, look) : ["it is no JSON object"];
    if (isObject(body) && look !== undefined) {
      const shapes = classifyBody(body);
      const kind = shapes[0] ?? "unknown";
      const known = kinds.get(kind);
      kinds.set(kind, { count: (known?.count ?? 0) + 1, row: known?.row ?? row, fits: shapes.includes(family.name) });
      summary.add(look);
    }
    if (found.length === 0) return;
    badCount += 1;
    if (problems.length < shownProblems) problems.push(`row ${row}: ${found.join("; ")}`);
  };
  const cells = `SELECT ${cellOfRaw(table, prompt)} AS body FROM ${table.relation}`;
  for await (const [bodies = []] of engine.chunks(cells)) for (const body of bodies) look(String(body ?? ""));
  refuseForeign(kinds, family, shownPath);
  if (badCount > 0) {
    if (badCount > problems.length) problems.push(`and ${badCount - problems.length} more`);
    throw new HalfpriceError("BAD_REQUESTS", {
      path: shownPath,
      badCount,
      rowCount: row,
      model: model.label,
      problems,
    });
  }
  return summary.finish();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bodies of another family are one problem, not one a row. */
function refuseForeign(
  kinds: ReadonlyMap<string, { count: number; row: number; fits: boolean }>,
  family: Family,
  path: string,
): void {
  const foreign = [...kinds].filter(([, { fits }]) => !fits);
  if (foreign.length === 0) return;
  const found = [...kinds].map(
    ([kind, { count, row }]) => `${count.toLocaleString("en-US")} of ${kind}, the first in row ${row}`,
  );
  const isConverse = foreign.every(([kind]) => kind === "converse") && kinds.size === 1;
  throw new HalfpriceError("MIXED_REQUESTS", { path, family: family.name, found, isConverse });
}
