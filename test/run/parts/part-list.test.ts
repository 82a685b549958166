import { describe, expect, it } from "vitest";
import { readPartsFlags } from "../../../src/cli/options/read-parts-flags.ts";
import { makeRandom } from "../../../src/eval/random.ts";
import { makeMatcher } from "../../../src/run/input/match-objects.ts";
import { parseManifest } from "../../../src/run/input/parse-manifest.ts";
import { cutParts } from "../../../src/run/parts/part-list.ts";
import { chooseSamples } from "../../../src/run/parts/sample-files.ts";
import { findFailure } from "../../support/failure.ts";

const filesOf = (sizes: readonly number[]) =>
  sizes.map((sizeBytes, at) => ({ uri: `/lake/${at}`, sizeBytes, rowCount: at }));

describe("parts", () => {
  it("have every file once, in order, and keep to their bounds unless one file alone is over it", () => {
    const random = makeRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const files = filesOf(Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 100)));
      const mostFiles = 1 + Math.floor(random() * 6);
      const mostBytes = 1 + Math.floor(random() * 200);
      const { parts } = cutParts({ list: files, pathNames: [] }, { mostFiles, mostBytes });
      expect(parts.flatMap((part) => part.files)).toEqual(files);
      expect(parts.map(({ part }) => part)).toEqual(parts.map((_, at) => at + 1));
      for (const part of parts) {
        expect(part.files.length).toBeLessThanOrEqual(mostFiles);
        expect(part.sizeBytes <= mostBytes || part.files.length === 1).toBe(true);
        expect(part.sizeBytes).toBe(part.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
        expect(part.rowCount).toBe(part.files.reduce((sum, { rowCount }) => sum + (rowCount ?? Number.NaN), 0));
      }
      // No part could have taken the first file of the next.
      for (const [at, part] of parts.slice(0, -1).entries()) {
        const next = parts[at + 1]?.files[0]?.sizeBytes ?? 0;
        expect(part.files.length === mostFiles || part.sizeBytes + next > mostBytes).toBe(true);
      }
    }
  });

  it("are no more than their names have digits for", async () => {
    const list = filesOf(Array.from({ length: 100_000 }, () => 1));
    const failure = await findFailure(async () => cutParts({ list, pathNames: [] }, { mostFiles: 1 }), "BAD_OPTIONS");
    expect(failure.message).toContain("there would be 100,000 parts; a run has at most 99,999");
  });

  it("are looked into at some files, spread over all, the same each time, and never at empty ones", () => {
    const files = filesOf(Array.from({ length: 1000 }, (_, at) => at % 7));
    const chosen = chooseSamples(files);
    expect(chosen).toHaveLength(8);
    expect(chooseSamples(files)).toEqual(chosen);
    expect(chosen.every(({ sizeBytes }) => sizeBytes > 0)).toBe(true);
    const places = chosen.map(({ uri }) => files.findIndex((file) => file.uri === uri));
    for (const [at, place] of places.entries()) expect(Math.floor(place / 125)).toBe(at);
    expect(chooseSamples(filesOf([5, 0, 6]))).toHaveLength(2);
    expect(chooseSamples(filesOf([2 ** 40, 2 ** 40]))).toHaveLength(1);
  });

  it.each([
    ["1000", 1000],
    ["64k", 65_536],
    ["256MB", 268_435_456],
    ["1.5 GiB", 1_610_612_736],
    ["much", Number.NaN],
    ["-1", Number.NaN],
  ])("take a size as people write it: %s", (text, bytes) => {
    const read = (): unknown => readPartsFlags({ partBytes: text }, "halfprice run").parts?.bytes;
    if (Number.isNaN(bytes)) expect(read).toThrow("--part-bytes");
    else expect(read()).toBe(bytes);
  });
});

describe("a pattern", () => {
  it.each([
    ["a/*.csv", ["a/x.csv"], ["a/b/x.csv", "a/x.csv.gz", "b/x.csv"]],
    [
      "a/**/*.csv",
      ["a/x.csv", "a/b/x.csv", "a/_dt=1/x.csv"],
      ["a/_tmp/x.csv", "a/.hidden/x.csv", "a/b/_x.csv", "ab/x.csv"],
    ],
    ["a/dt=2026-0[12]-*/{x,y}.csv", ["a/dt=2026-01-31/x.csv", "a/dt=2026-02-01/y.csv"], ["a/dt=2026-03-01/x.csv"]],
    ["_a/*.csv", ["_a/_x.csv"], []],
  ])("%s", async (pattern, matching, others) => {
    const matches = await makeMatcher(pattern);
    expect(matching.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });
});

describe("a manifest", () => {
  it.each([
    [
      "as Redshift writes it",
      '{"entries":[{"url":"s3://b/1","mandatory":true,"meta":{"content_length":5,"record_count":2}}]}',
      [{ uri: "s3://b/1", sizeBytes: 5, rowCount: 2 }],
    ],
    ["as a list", '["s3://b/1", {"uri": "2", "bytes": 7}]', [{ uri: "s3://b/1" }, { uri: "2", sizeBytes: 7 }]],
    [
      "as JSON Lines",
      '{"path": "1", "size": "7", "rows": 3}\n\n{"path": "2"}\n',
      [{ uri: "1", sizeBytes: 7, rowCount: 3 }, { uri: "2" }],
    ],
    [
      "as CSV",
      'uri,bytes,rows\n"s3://b/1",7,3\ns3://b/2,,\n',
      [{ uri: "s3://b/1", sizeBytes: 7, rowCount: 3 }, { uri: "s3://b/2" }],
    ],
    ["as Athena writes it", "s3://b/1\ns3://b/2\n", [{ uri: "s3://b/1" }, { uri: "s3://b/2" }]],
  ])("is read %s", (_, text, entries) => {
    expect(parseManifest(text, "m")).toEqual(entries);
  });

  it.each([
    ["[]", "it names no file"],
    ['[{"bytes": 7}]', "entry 1 has no uri"],
    ['[{"uri": "1", "rows": -1}]', "rows of entry 1 is -1"],
    ['{"uri": "1"}\n{', "line 2 is no JSON"],
  ])("that is broken says where: %s", async (text, problem) => {
    const failure = await findFailure(async () => parseManifest(text, "m.json"), "BROKEN_TABLE");
    expect(failure.details).toMatchObject({ path: "m.json", problem });
  });
});
