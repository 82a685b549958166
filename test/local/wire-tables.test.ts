import { describe, expect, it } from "vitest";
import { s3Acts } from "../../src/local/s3/acts.ts";
import { s3Notes } from "../../src/local/s3/notes.ts";
import { wireServiceTables } from "../../src/local/wire-tables.ts";

describe("the tables of S3, STS and IAM", () => {
  it("say something of every operation that is served, and of no other", () => {
    expect(Object.keys(s3Notes).toSorted()).toEqual(Object.keys(s3Acts).toSorted());
    for (const { operations } of wireServiceTables)
      expect(operations.filter(({ served }) => served === "")).toEqual([]);
  });

  it("name each operation once, as served or as not built", () => {
    for (const { service, operations, notBuilt } of wireServiceTables) {
      const names = [...operations.map(({ name }) => name), ...notBuilt];
      expect(new Set(names).size, service).toBe(names.length);
      expect(names.length, service).toBeGreaterThan(10);
    }
  });
});
