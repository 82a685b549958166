import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/engine.ts";
import { makeFolder } from "../support/folder.ts";

describe("an engine that gives memory back", () => {
  it("keeps its limit and its tables, whether they are small or more than it goes down to", async () => {
    const engine = await openEngine({ tempDirectory: join(makeFolder(), "spill"), memoryLimitMib: 300, threads: 2 });
    const limit = async (): Promise<unknown> =>
      (await engine.rows("SELECT current_setting('memory_limit') AS memory"))[0]?.["memory"];
    const before = await limit();
    expect(before).toBe("300.0 MiB");
    for (const rowCount of [10, 1_500_000]) {
      // 1.5 million texts of 64 letters: about 100 MiB, which then lie on disk or stay where they are.
      await engine.run(`CREATE OR REPLACE TABLE t AS SELECT sha256(i::VARCHAR) AS text FROM range(${rowCount}) t(i)`);
      await engine.trim();
      expect(await limit()).toBe(before);
      const [found] = await engine.rows("SELECT count(*) AS rows, min(strlen(text)) AS least FROM t");
      expect(found).toEqual({ rows: rowCount, least: 64 });
    }
    const other = await engine.connect();
    await other.trim();
    expect(await limit()).toBe(before);
    other.close();
    engine.close();
  });
});
