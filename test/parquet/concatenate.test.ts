import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { DifferentFooterError, openConcatenation } from "../../src/parquet/concatenate.ts";
import { readStruct, type ThriftStruct, thriftTypes, writeStruct } from "../../src/parquet/thrift-compact.ts";
import { openSlices } from "../../src/results/open-slices.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder } from "../support/folder.ts";
import { mixedColumns } from "../support/mixed-columns.ts";

const writer = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048";

/** Writes each query as a Parquet file, and puts the files together. */
async function concatenate(engine: Engine, queries: readonly string[]): Promise<{ whole: string; parts: string[] }> {
  const folder = makeFolder();
  const whole = join(folder, "whole.parquet");
  const file = await openConcatenation(whole);
  const parts: string[] = [];
  try {
    for (const [index, query] of queries.entries()) {
      const path = join(folder, `${index}.parquet`);
      await engine.run(`COPY (${query}) TO '${path}' (${writer})`);
      await file.append(path);
      parts.push(path);
    }
    await file.finish();
  } finally {
    await file.close();
  }
  return { whole, parts };
}

const list = (paths: readonly string[]): string => `[${paths.map((path) => `'${path}'`).join(", ")}]`;

describe("Parquet files put together", () => {
  it("read as the rows of all of them in their order, whatever their columns hold", async () => {
    const engine = await openTestEngine(makeFolder());
    const columns = [
      mixedColumns,
      "NULL::BIGINT AS no_number",
      "[i, 1, 2]::FLOAT[3] AS vector",
      "concat('k', i % 3)::BLOB AS bytes",
    ].join(", ");
    const sizes = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async (counts) => {
        let from = 0;
        const queries = counts.map((count) => {
          const query = `SELECT ${columns} FROM range(${from}, ${from + count}) r(i)`;
          from += count;
          return query;
        });
        const { whole, parts } = await concatenate(engine, queries);
        const numbered = (relation: string): string => `(SELECT *, row_number() OVER () AS n FROM ${relation})`;
        const [one, all] = [`read_parquet('${whole}')`, `read_parquet(${list(parts)})`].map(numbered);
        expect(await engine.rows(`SELECT count(*) AS count FROM ${one}`)).toEqual([{ count: from }]);
        expect(
          await engine.rows(`(FROM ${one} EXCEPT FROM ${all}) UNION ALL (FROM ${all} EXCEPT FROM ${one})`),
        ).toEqual([]);
        const types = (path: string) => engine.rows(`DESCRIBE SELECT * FROM read_parquet('${path}')`);
        expect(await types(whole)).toEqual(await types(parts[0] ?? ""));
      }),
      { numRuns: 12 },
    );
  });

  it("have dictionaries, statistics and Bloom filters where the footer says", async () => {
    const engine = await openTestEngine(makeFolder());
    // Each file has other values, scattered so that only a Bloom filter can tell which are not there.
    const query = (file: number): string =>
      `SELECT concat('v', (i * 37 % 100) * 2 + ${file % 2}, '-', ${file}) AS value, i + ${file * 10_000} AS n FROM range(5000) r(i)`;
    const { whole, parts } = await concatenate(engine, [0, 1, 2].map(query));
    const places = await engine.rows(
      `SELECT min(bloom_filter_offset) AS least, count(bloom_filter_offset) AS filters FROM parquet_metadata('${whole}')`,
    );
    expect(places[0]?.["filters"]).toBeGreaterThan(5);
    for (const value of ["v0-0", "v1-1", "v198-2", "v3-0", "v50-1", "nothing"]) {
      const probe = (path: string) =>
        engine.rows(
          `SELECT bloom_filter_excludes FROM parquet_bloom_probe('${path}', 'value', '${value}') ORDER BY row_group_id`,
        );
      const apart = [];
      for (const part of parts) apart.push(...(await probe(part)));
      expect(await probe(whole)).toEqual(apart);
      const count = (files: readonly string[]) =>
        engine.rows(`SELECT count(*) AS count, min(n) AS n FROM read_parquet(${list(files)}) WHERE value = '${value}'`);
      expect(await count([whole])).toEqual(await count(parts));
    }
    expect(await engine.rows(`SELECT value FROM read_parquet('${whole}') WHERE n = 20007`)).toHaveLength(1);
  });

  it("are refused where their columns differ, and nothing of the other file is taken", async () => {
    const engine = await openTestEngine(makeFolder());
    for (const other of [
      "SELECT 1::BIGINT AS a",
      "SELECT 1 AS b",
      "SELECT 1 AS a, 2 AS b",
      "SELECT 1::DECIMAL(9, 2) AS a",
    ]) {
      await expect(concatenate(engine, ["SELECT 1 AS a", other])).rejects.toThrow(DifferentFooterError);
    }
  });

  it("are refused where one is no Parquet file, or is cut off", async () => {
    const engine = await openTestEngine(makeFolder());
    const folder = makeFolder();
    await engine.run(`COPY (SELECT 1 AS a) TO '${folder}/a.parquet' (${writer})`);
    const bytes = readFileSync(join(folder, "a.parquet"));
    const file = await openConcatenation(join(folder, "whole.parquet"));
    for (const broken of [bytes.subarray(0, -3), bytes.subarray(-20), Buffer.from("id,text\n1,a\n2,b\n")]) {
      writeFileSync(join(folder, "broken.parquet"), broken);
      await expect(file.append(join(folder, "broken.parquet"))).rejects.toThrow(/no Parquet file|ends early/);
    }
    await file.close();
  });
});

describe("slices whose footers say different things", () => {
  it("become one file all the same: the extent of a column of places", async () => {
    const engine = await openTestEngine(makeFolder());
    const workDirectory = makeFolder();
    const target = join(workDirectory, "results.parquet");
    const shard = { index: 0, lane: "batch" as const, fromRow: 0, toRow: 2, recordCount: 2, fromByte: 0, sizeBytes: 9 };
    const slices = await openSlices({ target, workDirectory, shards: [{ shard, files: [], price: undefined }] }, 2, 9);
    for (const index of [0, 1]) {
      const query = `SELECT ${index} AS n, 'POINT(${index} 2)'::GEOMETRY AS place`;
      await engine.run(`COPY (${query}) TO '${slices.pathOf(index)}' (${slices.options})`);
      await slices.append(index);
    }
    await slices.finish(engine);
    await slices.close();
    const rows = await engine.rows(`SELECT n, place::VARCHAR AS place FROM read_parquet('${target}.tmp')`);
    expect(rows).toEqual([
      { n: 0, place: "POINT (0 2)" },
      { n: 1, place: "POINT (1 2)" },
    ]);
  });
});

describe("a struct of Thrift's compact protocol", () => {
  it("is written with the bytes that it was read from", () => {
    const { yes, no, byte, i16, i32, i64, double, binary, list: listType, struct } = thriftTypes;
    const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
    const { fields } = fc.letrec<{ fields: ThriftStruct }>((tie) => ({
      fields: fc
        .array(
          fc.tuple(
            fc.integer({ min: 1, max: 40 }),
            fc.oneof(
              { depthSize: "small" },
              fc.constantFrom(yes, no).map((type) => ({ type, value: undefined })),
              fc.tuple(fc.constantFrom(i16, i32, i64), integer).map(([type, value]) => ({ type, value })),
              bytes.map((value) => ({ type: binary, value })),
              fc.constant({ type: double, value: Buffer.alloc(8, 7) }),
              fc.constant({ type: byte, value: Buffer.of(200) }),
              fc.array(integer, { maxLength: 20 }).map((items) => ({ type: listType, value: { type: i64, items } })),
              fc
                .array(tie("fields"), { maxLength: 3 })
                .map((items) => ({ type: listType, value: { type: struct, items } })),
              tie("fields").map((value) => ({ type: struct, value })),
            ),
          ),
          { maxLength: 6 },
        )
        .map((made) => {
          let id = 0;
          return made.map(([step, field]) => {
            id += step;
            return { id, ...field };
          });
        }),
    }));
    fc.assert(
      fc.property(fields, (made) => {
        const written = writeStruct(made);
        expect(readStruct(written)).toEqual(made);
        expect(writeStruct(readStruct(written)).equals(written)).toBe(true);
      }),
    );
  });

  it("is refused where it ends early or has a type that is not known", () => {
    expect(() => readStruct(Buffer.of(0x15))).toThrow(/ends in the middle/);
    expect(() => readStruct(Buffer.of(0x1b, 0))).toThrow(/type 11/);
  });
});
