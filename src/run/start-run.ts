import { join } from "node:path";
import { HalfpriceError } from "../errors.ts";
import type { RunRequest } from "./choose-model.ts";
import type { PlannedRun } from "./plan-run.ts";
import { writeRunFile } from "./run-directory.ts";
import { openWorkspace, type Session, withEngine } from "./session.ts";

/**
 * Promotes a draft: writes the bytes that will be uploaded, then the run into the ledger. Nothing is sent yet; from here
 * on any process can take the run up.
 * @throws DISK
 */
export async function startRun(
  session: Session,
  planned: PlannedRun,
  request: RunRequest,
  outputPath: string | undefined,
): Promise<void> {
  const { config, onStep } = session;
  const { plan, run, paths } = planned;
  const { bucket, prefix, roleArn } = config;
  if (bucket === undefined || roleArn === undefined) throw new HalfpriceError("NO_BUCKET", { policies: "" });
  onStep("writing the records");
  const [{ openFrozen }, { writeShards }, { families }] = await Promise.all([
    import("../dataset/freeze-table.ts"),
    import("../requests/write-shards.ts"),
    import("../models/families/index.ts"),
  ]);
  const family = families.get(run.model.family);
  if (family === undefined) throw new Error(`the family ${run.model.family} was planned and is gone`);
  await withEngine(paths, async (engine) => {
    const file = join(paths.directory, run.table.file);
    const table = await openFrozen(engine, file, run.table.shownPath, run.table.reading);
    const { invocation, parameters, output, model } = run;
    const shape = { family, baseId: model.baseId, invocation, parameters, output };
    await writeShards({ engine, table, prompt: request.prompt, shape, directory: paths.directory }, plan.shards);
  });
  writeRunFile(paths, { ...run, place: { bucket, prefix, roleArn } });
  const ledger = await openWorkspace(config);
  try {
    const { recordRun } = await import("../ledger/runs.ts");
    const { id, name, fingerprint, origin, createdAt } = run;
    const counts = { rowCount: plan.rowCount, recordCount: plan.recordCount };
    recordRun(ledger, {
      id,
      name,
      fingerprint,
      origin,
      createdAt,
      modelLabel: run.model.label,
      ...counts,
      outputPath,
      shards: plan.shards,
    });
  } finally {
    ledger.close();
  }
}
