import { join } from "node:path";
import { expect, it } from "vitest";
import { parts } from "../../src/admin.ts";
import { csv, defineBatch, planBatch, runBatch } from "../../src/index.ts";
import { findFailure } from "../support/failure.ts";
import { openLocalRun } from "../support/local-run.ts";
import { makeTexts, writeLake } from "../support/parts-run.ts";

it("a program's batch runs in parts, also with a prompt function of its own, and has its rows as one table", async () => {
  const { session, folder, server } = await openLocalRun({ quotas: ["min-records=10"] });
  const lake = writeLake(folder, { "a.csv": makeTexts(0, 20), "b.csv": makeTexts(20, 20), "c.csv": makeTexts(40, 20) });
  const { bucket, roleArn: role } = session.config;
  const place = { workspace: join(folder, "own"), region: server.region, endpointUrl: server.url };
  const options = { ...place, ...(bucket === undefined ? {} : { bucket }), ...(role === undefined ? {} : { role }) };
  const greeting = "Dear";
  const batch = defineBatch({
    input: csv<{ id: string; text: string }>(join(lake, "*.csv")),
    model: "claude-haiku-4.5",
    prompt: (row) => `${greeting} ${row.text}`,
  });
  const size = { parts: { files: 1 } };
  process.env["AWS_ACCESS_KEY_ID"] = "local";
  process.env["AWS_SECRET_ACCESS_KEY"] = "local";
  const plan = await planBatch(batch, { ...options, ...size });
  expect([plan.rowCount, plan.parts?.count, plan.problems]).toEqual([60, 3, []]);
  const run = await runBatch(batch, { ...options, ...size, workers: 2 });
  expect(run.outcomes.answered).toBe(60);
  const ids: string[] = [];
  for await (const row of run.rows()) ids.push(row.id ?? "");
  expect(ids).toEqual(Array.from({ length: 60 }, (_, id) => String(id)));
  expect(await run.query("SELECT count(*) AS n FROM results WHERE answer LIKE '%Dear text number%'")).toEqual([
    { n: 60 },
  ]);
  expect((await parts(run.id, options)).counts).toMatchObject({ done: 3 });
  const wrong = await findFailure(() => runBatch(batch, { ...options, parts: { files: 0 } }), "BAD_OPTIONS");
  expect(wrong.message).toContain("parts.files is 0; it has to be a whole number from 1");
});
