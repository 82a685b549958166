import type { Lane } from "../foundation/types/index.ts";
import { change, type Ledger } from "./open-ledger.ts";
import { touchRun } from "./shards.ts";

const waitAgain = `UPDATE shards SET state = 'waiting', closed = NULL, lane = ?, estimate_high_usd = ?, asked_at = NULL
  WHERE run_id = ? AND shard_index = ? AND state IN ('waiting', 'ended', 'collected') AND lane = 'batch'`;

/** A shard whose job has ended without any answer, or that has none, and that waits to be sent once more. */
export interface SentAgain {
  readonly index: number;
  readonly lane: Lane;
  /** The most that it may cost from here on; undefined where the price is not known. */
  readonly estimateHighUsd: number | undefined;
}

/**
 * Lets shards wait again: nothing of them was answered, so nothing is paid twice. In batch the next job has the next attempt's name.
 * @param guard looks at the result while nobody else can write; what it throws leaves the ledger as it was
 */
export async function recordAgain(
  ledger: Ledger,
  runId: string,
  shards: readonly SentAgain[],
  at: number,
  guard: () => void,
): Promise<void> {
  if (shards.length === 0) return;
  await change(ledger, "shards wait again", () => {
    for (const { index, lane, estimateHighUsd = null } of shards)
      ledger.prepare(waitAgain).run(lane, estimateHighUsd, runId, index);
    ledger.prepare(touchRun).run(at, runId);
    guard();
  });
}
