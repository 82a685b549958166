import { mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freezeTable } from "../../src/dataset/freeze-table.ts";
import { breakMarks, QuotedBreaks } from "../../src/dataset/quoted-breaks.ts";
import { parseRunOptions } from "../../src/foundation/options/run-options.ts";
import { planRun } from "../../src/run/plan/plan-run.ts";
import { readRequest } from "../../src/run/plan/read-request.ts";
import { makeSession } from "../../src/workspace/session.ts";
import { openTestEngine } from "../support/engine.ts";
import { findFailure } from "../support/failure.ts";
import { makeFolder, writeFile } from "../support/folder.ts";
import { openLocalRun } from "../support/local-run.ts";
import { makeCsv } from "../support/records.ts";

const [marks] = breakMarks;
const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", " "), maxLength: 8 });

/** A cell as writers do it: in quotes where it has to be, and sometimes where it need not. */
const written = fc
  .tuple(cell, fc.boolean())
  .map(([text, always]) => (always || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));

describe("line breaks inside quoted cells", () => {
  it("become marks, and nothing else changes, however the stream is cut", () => {
    if (marks === undefined) throw new Error("no marks");
    fc.assert(
      fc.property(
        fc.array(fc.array(written, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 20 }),
        (rows, cuts) => {
          const text = rows.map((cells) => `${cells.join(",")}\n`).join("");
          const bytes = Buffer.from(text);
          const breaks = new QuotedBreaks(",", marks);
          let at = 0;
          for (const cut of cuts) {
            breaks.mark(bytes.subarray(at, at + cut));
            at = Math.min(bytes.length, at + cut);
          }
          breaks.mark(bytes.subarray(at));
          const expected = rows
            .map(
              (cells) =>
                `${cells.map((each) => (each.startsWith('"') ? each.replaceAll("\n", "\u0001").replaceAll("\r", "\u0002") : each)).join(",")}\n`,
            )
            .join("");
          expect(bytes.toString()).toBe(expected);
          expect(breaks.feedCount + breaks.returnCount).toBe((expected.match(/[\u0001\u0002]/g) ?? []).length);
        },
      ),
    );
  });

  it("are left alone after a quote in the middle of an unquoted cell", () => {
    if (marks === undefined) throw new Error("no marks");
    const bytes = Buffer.from('size,n\n5" screen,1\n6" screen,2\n');
    new QuotedBreaks(",", marks).mark(bytes);
    expect(bytes.toString()).toBe('size,n\n5" screen,1\n6" screen,2\n');
  });

  it("come back as they were, also in a table that has the usual marks as letters", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const path = writeFile(
      folder,
      "t.csv",
      makeCsv(
        ["a\nb", "c"],
        [
          ["x\r\ny\u0001", "z"],
          ["\u0003\n", "1,2"],
        ],
      ),
    );
    mkdirSync(join(folder, "run"));
    const { table, reading } = await freezeTable(engine, { path }, join(folder, "run"));
    expect(reading.marks).toEqual(breakMarks[2]);
    expect(await engine.rows(`SELECT * FROM ${table.relation}`)).toEqual([
      { "a\nb": "x\r\ny\u0001", c: "z" },
      { "a\nb": "\u0003\n", c: "1,2" },
    ]);
  });

  it("do not make the engine lose its place: lines inside cells may look like rows", async () => {
    const folder = makeFolder();
    const engine = await openTestEngine(folder);
    const text = `first\n1,a,b\n2,"" c"",d\n`.repeat(60);
    const rows = Array.from({ length: 20_000 }, (_, index) => [String(index), `${index} ${text}`, "x,y\nz"]);
    const path = writeFile(folder, "t.csv", makeCsv(["id", "text", "more"], rows));
    mkdirSync(join(folder, "run"));
    const { table } = await freezeTable(engine, { path }, join(folder, "run"));
    const [found] = await engine.rows(
      `SELECT count(*) AS rows, count(DISTINCT id) AS ids, max(length(text)) AS longest FROM ${table.relation}`,
    );
    expect(found).toEqual({ rows: 20_000, ids: 20_000, longest: 6 + text.length });
  });
});

describe("a row that is broken far down a large table", () => {
  it("is named by its line in the source, not in the copy", async () => {
    const { folder, session } = await openLocalRun();
    const rows = Array.from({ length: 60_000 }, (_, index) => [String(index), `a\nb ${index} ${"x".repeat(80)}`]);
    const table = writeFile(folder, "t.csv", `${makeCsv(["id", "text"], rows)}1,2,3\n`);
    const request = await readRequest(
      { first: table, prompt: "{{text}}", model: "claude-haiku-4.5" },
      parseRunOptions({}, "test"),
    );
    const error = await findFailure(() =>
      planRun(makeSession(session.config, { connection: session.connection }), request),
    );
    expect(error.code).toBe("BROKEN_TABLE");
    expect(error.details).toMatchObject({ path: table, line: 120_002 });
  });
});
