import type { Origin } from "../foundation/types/index.ts";
import type { Ledger } from "./open-ledger.ts";

/**
 * What a shard may still cost is reserved from the moment that its run is in the ledger until its usage was reported:
 *   prepared, running, collected   all of its shards, but for those that an earlier summary has counted
 *   stopped                        those that were under way when it was stopped, until they are collected
 *   done                           none
 * A shard that is closed reserves nothing. Nor does what waits behind one that was refused: the run goes no further until a
 * person has changed something and resumes it, and then there has to be room for it again.
 */
const selectRuns = `
  SELECT r.id, r.part_of, r.state, r.model_label, r.summary ->> '$.paidUsd' AS paid_usd, r.summary IS NOT NULL AS is_summed,
    r.state IN ('prepared', 'running', 'collected') AS is_under_way,
    sum(s.estimate_high_usd) FILTER (WHERE s.is_open) AS reserved_usd,
    count(*) FILTER (WHERE s.is_open AND s.estimate_high_usd IS NULL) AS unknown_count,
    sum(s.estimate_high_usd) FILTER (WHERE s.is_open AND s.is_sent) AS sent_usd,
    count(*) FILTER (WHERE s.is_open AND s.is_sent AND s.estimate_high_usd IS NULL) AS unknown_sent_count
  FROM runs r LEFT JOIN (
    SELECT s.run_id, s.estimate_high_usd, s.state IN ('asking', 'submitted', 'ended') AS is_sent, CASE
        WHEN r.state = 'done' OR s.closed IS NOT NULL THEN 0
        WHEN r.state = 'stopped' THEN s.state IN ('submitting', 'submitted', 'ended')
          OR (s.state = 'asking' AND (r.owner_pid IS NOT NULL OR r.summary IS NULL))
        WHEN s.state IN ('waiting', 'uploading', 'submitting')
          AND EXISTS (SELECT 1 FROM shards o WHERE o.run_id = r.id AND o.closed = 'refused') THEN 0
        ELSE r.summary IS NULL OR s.state <> 'collected'
      END AS is_open
    FROM shards s JOIN runs r ON r.id = s.run_id
  ) s ON s.run_id = r.id
  WHERE r.origin_kind = ? AND r.account_id = ? AND r.part_count IS NULL GROUP BY r.id ORDER BY r.created_at`;

/** What a run has cost and may still cost. A run that is done in parts is not among them: its parts are. */
export interface Commitment {
  readonly runId: string;
  /** The run that this one does a part of. */
  readonly partOf?: string;
  readonly modelLabel: string;
  /** From reported usage; undefined where nothing was summed up yet, or the price is not known. */
  readonly paidUsd: number | undefined;
  /** The upper estimates of what is not paid yet; undefined where one of them is not known. */
  readonly reservedUsd: number | undefined;
  /** It was summed up, but its price is not known. */
  readonly isUnpriced: boolean;
}

/**
 * All runs of an account, or of the local service: what one origin spends never counts for another.
 * @param hasFiles whether a run that is under way still has its files: without them nothing of it can be sent any more, and only
 * what was sent is reserved
 */
export function readCommitments(
  ledger: Ledger,
  { kind, accountId }: Pick<Origin, "kind" | "accountId">,
  hasFiles: (runId: string) => boolean,
): Commitment[] {
  return ledger
    .prepare(selectRuns)
    .all(kind, accountId)
    .map((row) => {
      const cells = row as Record<string, string | number | null>;
      const paid = cells["paid_usd"] ?? null;
      const runId = String(cells["id"]);
      const parent = cells["part_of"] ?? null;
      // Whoever prepared a part may have its files elsewhere; what is sent of it is in S3 by then.
      const isWhole = Number(cells["is_under_way"]) === 0 || parent !== null || hasFiles(runId);
      const [unknown, reserved] = isWhole ? ["unknown_count", "reserved_usd"] : ["unknown_sent_count", "sent_usd"];
      return {
        runId,
        ...(parent === null ? {} : { partOf: String(parent) }),
        modelLabel: String(cells["model_label"]),
        paidUsd: paid === null ? undefined : Number(paid),
        reservedUsd: Number(cells[unknown ?? ""]) > 0 ? undefined : Number(cells[reserved ?? ""] ?? 0),
        isUnpriced: Number(cells["is_summed"]) === 1 && paid === null,
      };
    });
}
