import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainDamage } from "../../src/engine/damaged-parquet.ts";
import { openEngine } from "../../src/engine/engine.ts";
import { exportTable } from "../../src/results/export-table.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder } from "../support/folder.ts";

/** Changes bytes in the middle of a file: as many stay, and both ends. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, Math.floor(bytes.length / 8), Math.floor(bytes.length / 3));
  writeFileSync(path, bytes);
}

describe("a Parquet file whose middle has changed", () => {
  it.each(["snappy", "zstd", "gzip", "uncompressed"])("is named, whatever its codec: %s", async (codec) => {
    const folder = makeFolder();
    const engine = await openEngine({ tempDirectory: join(folder, "spill") });
    const path = join(folder, "it's.parquet");
    await engine.run(`COPY (SELECT range AS id, sha256(range::VARCHAR) AS text FROM range(5000))
      TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION ${codec})`);
    damage(path);
    const read = `SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`;
    const drain = async (): Promise<void> => {
      for await (const _chunk of engine.chunks(read));
    };
    for (const work of [
      () => engine.rows(read),
      () => engine.run(`CREATE OR REPLACE TABLE t AS ${read}`),
      drain,
      () => exportTable(engine, path, join(folder, "out.csv")),
    ]) {
      const { code, message } = await findFailure(work);
      expect([code, message]).toEqual(["DAMAGED_FILE", expect.stringContaining(path)]);
    }
    engine.close();
  });

  it("of a run says which run, and a statement that reads no Parquet stays what it was", () => {
    const folder = makeFolder();

    const error = new Error("Invalid Error: Out of buffer");
    const sql = `SELECT * FROM read_parquet('${folder}/runs/20260314-093000-k3x9a/results.parquet')`;
    expect(explainDamage(error, sql)).toMatchObject({
      details: { runId: "20260314-093000-k3x9a" },
      fix: expect.stringContaining("halfprice clean 20260314-093000-k3x9a"),
    });
    expect(explainDamage(error, "SELECT 1")).toBe(error);
    expect(explainDamage(new Error("Out of Memory Error"), sql)).toMatchObject({ message: "Out of Memory Error" });
  });
});
