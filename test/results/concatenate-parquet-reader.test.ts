import { join } from "node:path";
import fc from "fast-check";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { openConcatenation } from "../../src/parquet/concatenate.ts";
import { openTestEngine } from "../support/engine.ts";
import { makeFolder } from "../support/folder.ts";
import { mixedColumns } from "../support/mixed-columns.ts";

type Rows = Record<string, unknown>[];

/** Reads with a reader that shares nothing with the engine that wrote. */
async function readAll(path: string): Promise<Rows> {
  return parquetReadObjects({ file: await asyncBufferFromFile(path), useOffsetIndex: true });
}

describe("Parquet files put together, in another reader", () => {
  it("have the rows of all of them in their order, packed or not", async () => {
    const engine = await openTestEngine(makeFolder());
    const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 4 });
    // Those that this reader unpacks itself.
    const packing = fc.constantFrom("snappy", "uncompressed");
    await fc.assert(
      fc.asyncProperty(sizes, packing, async (counts, compression) => {
        const folder = makeFolder();
        const whole = join(folder, "whole.parquet");
        const file = await openConcatenation(whole);
        const apart: Rows = [];
        let from = 0;
        let groupCount = 0;
        for (const [index, count] of counts.entries()) {
          const path = join(folder, `${index}.parquet`);
          await engine.run(
            `COPY (SELECT ${mixedColumns} FROM range(${from}, ${from + count}) r(i))
             TO '${path}' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 2048)`,
          );
          await file.append(path);
          apart.push(...(await readAll(path)));
          groupCount += (await parquetMetadataAsync(await asyncBufferFromFile(path))).row_groups.length;
          from += count;
        }
        await file.finish();
        await file.close();
        const metadata = await parquetMetadataAsync(await asyncBufferFromFile(whole));
        expect([Number(metadata.num_rows), metadata.row_groups.length]).toEqual([from, groupCount]);
        expect(apart.map(({ i }) => Number(i))).toEqual(Array.from({ length: from }, (_, index) => index));
        expect(await readAll(whole)).toEqual(apart);
      }),
      { numRuns: 8 },
    );
  });
});
