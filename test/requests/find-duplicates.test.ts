import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findDuplicates } from "../../src/requests/find-duplicates.ts";
import { recordFiles } from "../../src/requests/record-files.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder } from "../support/folder.ts";

describe("rows that share a request with an earlier row", () => {
  it("are the same, whether all names are compared at once or some at a time", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const ids = Array.from({ length: 500 }, (_, row) => (row % 9 === 4 ? null : `id-${(row * row) % 301}`));
    const values = ids.map((id) => (id === null ? "(NULL)" : `('${id}')`)).join(", ");
    await engine.run(
      `COPY (SELECT * FROM (VALUES ${values}) t(record_id)) TO '${join(folder, recordFiles.records)}' (FORMAT parquet)`,
    );
    const expected = ids.flatMap((id, row) => (id !== null && ids.indexOf(id) < row ? [row] : []));
    expect(expected.length).toBeGreaterThan(100);
    for (const comparedCount of [1_000_000, 500, 70, 9]) {
      expect(await findDuplicates(engine, folder, ids.length, comparedCount)).toBe(expected.length);
      const rows = await engine.rows(`SELECT row FROM read_parquet('${join(folder, recordFiles.duplicates)}')`);
      expect(rows.map(({ row }) => row)).toEqual(expected);
    }
  });
});
