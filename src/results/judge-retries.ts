import type { Engine } from "../engine/engine.ts";
import { quoteName, quoteText } from "../engine/sql.ts";
import { packFault } from "./packs/unpack-answers.ts";
import type { ResultColumns } from "./result-columns.ts";

/** How a record without a good answer is sent again. */
export type RetryWay =
  /** As it was: what went wrong passes. */
  | "again"
  /** With twice the limit of tokens. */
  | "longer"
  /** With the validator's words behind its text. */
  | "corrected";

/** Why a record is not sent again. */
export type RetryBar =
  /** The request itself was refused, and would be again. */
  | "request"
  /** The model declined. */
  | "declined"
  /** Its limit of tokens is the model's own. */
  | "at-limit"
  /** It is a ready body, which is sent as it is. */
  | "ready"
  /** It was sent as often as allowed. */
  | "spent";

/** Records that go one way, or none. */
export interface RetryGroup {
  readonly way: RetryWay | RetryBar;
  readonly recordCount: number;
  /** The most frequent reason, in the service's or the validator's words. */
  readonly cause: string;
}

/** What decides whether a record can get an answer when it is sent again. */
export interface RetryRules {
  readonly columns: ResultColumns;
  /** Relations with record_id, max_tokens, note, round, tries: what was sent again before, the latest of each record. */
  readonly chain: string;
  /** Relation with record_id: records that were not sent as they were planned. */
  readonly neverSent: string;
  /** Relation with record_id: records that shared a request with others the first time, and were not asked alone yet. */
  readonly packed: string;
  /**
   * Relation with record_id, own_round: records that were awaited from other runs instead of being sent in a round. Where those had
   * no answer either, they may be sent in its place.
   */
  readonly waited: string;
  /** What a record's limit is where it was never changed; undefined where each body has its own. */
  readonly maxTokens: number;
  /** The model's own limit; undefined where it is not known. */
  readonly maxOutputTokens: number | undefined;
  readonly isReady: boolean;
  readonly isEmbedding: boolean;
  /** How often a record is sent at most, the first time included; any number of times where it is undefined. */
  readonly maxAttempts: number | undefined;
  /** The limit of what was cut off, the next time. @defaultValue twice what it was */
  readonly longerTokens?: number;
}

/** Codes of errors that pass: a timeout, a model that is not ready or is throttled, and whatever is the service's own fault. */
const passingCode = "\\((408|424|429|5[0-9][0-9])\\)$";
/** The same in words, for errors that have no code. `unconfirmed`: no error of a throttled record in batch was ever published. */
const passingWords =
  "throttl|too many requests|rate exceeded|internal (server |service )?(error|failure)|service ?unavailable|api_error|timed? ?out|not ready|overloaded|temporar|try again later";
const anyCode = "\\([0-9]{3}\\)$";
/** Errors by name that say that the request itself is at fault, whatever words stand before: of Anthropic's API and of AWS's. */
const faultyName =
  "\\((invalid_request_error|authentication_error|permission_error|billing_error|not_found_error|request_too_large|(Validation|AccessDenied|ResourceNotFound|ServiceQuotaExceeded|Conflict)Exception)\\)$";

/** How long a note may quote what a model said first. */
const quotedLetters = 2000;

/**
 * Judges every record without a good answer: whether and how it can get one. Leaves a temporary table `retries` with
 * record_id, way, cause, max_tokens (of the next request), note, tries (so far).
 */
export async function judgeRetries(engine: Engine, results: string, rules: RetryRules): Promise<readonly RetryGroup[]> {
  const {
    columns,
    chain,
    neverSent,
    packed,
    waited,
    maxTokens,
    maxOutputTokens,
    isReady,
    isEmbedding,
    maxAttempts,
    longerTokens,
  } = rules;
  const meta = (name: keyof ResultColumns["meta"]): string => quoteName(columns.meta[name]);
  const longest = maxOutputTokens === undefined ? "false" : `max_tokens >= ${maxOutputTokens}`;
  const isPassing = `(regexp_matches(cause, ${quoteText(passingCode)}) OR (NOT regexp_matches(cause, ${quoteText(anyCode)})
    AND NOT regexp_matches(cause, ${quoteText(faultyName)}) AND regexp_matches(lower(cause), ${quoteText(passingWords)})) OR starts_with(cause, 'the line of this record in the output') OR starts_with(cause, 'the model broke off') OR starts_with(cause, ${quoteText(packFault)}))`;
  // Of an answer that is empty there is nothing to be said.
  const invalid = isEmbedding ? "'again'" : "CASE WHEN coalesce(raw, '') = '' THEN 'again' ELSE 'corrected' END";
  const longer =
    longerTokens === undefined
      ? `least(max_tokens * 2, ${maxOutputTokens ?? "max_tokens * 2"})`
      : `greatest(max_tokens, ${longerTokens})`;
  const note = `concat(${quoteText("\n\nThis was asked before. The answer was:\n")}, left(raw, ${quotedLetters}),
    ${quoteText("\n\nIt cannot be used: ")}, cause, ${quoteText(". Answer again, with nothing but what was asked for.")})`;
  await engine.run(`
    CREATE OR REPLACE TEMP TABLE retries AS
    WITH bad AS (
      SELECT ${meta("record_id")} AS record_id, any_value(${meta("outcome")}) AS outcome, any_value(${meta("error")}) AS cause,
        any_value(${meta("raw")}) AS raw, any_value(${meta("stop_reason")}) AS stop_reason
      FROM read_parquet(${quoteText(results)})
      WHERE ${meta("record_id")} IS NOT NULL AND ${meta("outcome")} NOT IN ('answered', 'skipped')
      GROUP BY 1
    ),
    known AS (
      SELECT bad.* REPLACE (coalesce(bad.cause, '') AS cause), c.note AS old_note,
        coalesce(c.max_tokens, ${maxTokens}) AS max_tokens, coalesce(c.tries, 0) + CASE
          WHEN outcome IN ('missing', 'error') AND record_id IN (SELECT record_id FROM ${neverSent}) THEN 0
          -- What a pack lost was not asked alone yet; what never came back was sent like any other.
          WHEN (outcome = 'invalid' OR starts_with(bad.cause, ${quoteText(packFault)})) AND record_id IN (SELECT record_id FROM ${packed}) THEN 0
          ELSE 1 END AS tries,
        outcome IN ('missing', 'error') AND coalesce(w.own_round > coalesce(c.round, 0), false) AS is_owed
      FROM bad LEFT JOIN ${chain} c USING (record_id) LEFT JOIN ${waited} w USING (record_id)
    ),
    judged AS (
      SELECT *, CASE
          WHEN outcome = 'refused' THEN 'declined'
          WHEN outcome = 'error' AND NOT ${isPassing} THEN 'request'
          WHEN outcome = 'truncated' AND (${longest} OR stop_reason = 'model_context_window_exceeded') THEN 'at-limit'
          WHEN outcome IN ('truncated', 'invalid') AND ${isReady} THEN 'ready'
          WHEN ${maxAttempts === undefined ? "false" : `tries >= ${maxAttempts} AND NOT is_owed`} THEN 'spent'
          WHEN outcome = 'truncated' THEN 'longer'
          WHEN outcome = 'invalid' THEN ${invalid}
          ELSE 'again'
        END AS way
      FROM known
    )
    SELECT record_id, way, cause, tries,
      CASE way WHEN 'longer' THEN ${longer} ELSE max_tokens END::BIGINT AS max_tokens,
      CASE way WHEN 'corrected' THEN ${note} ELSE old_note END AS note
    FROM judged`);
  return groupRetries(engine);
}

/** The groups of what the table `retries` has. */
export async function groupRetries(engine: Engine): Promise<readonly RetryGroup[]> {
  const groups = await engine.rows(`
    SELECT way, sum(count)::BIGINT AS records, arg_max(cause, count) AS cause FROM (
      SELECT way, any_value(cause) AS cause, count(*) AS count FROM retries
      GROUP BY way, regexp_replace(cause, '[0-9]+', '#', 'g')
    ) GROUP BY way ORDER BY records DESC, way`);
  return groups.map(({ way, records, cause }) => ({
    way: way as RetryGroup["way"],
    recordCount: Number(records),
    cause: String(cause),
  }));
}

/** What is sent again; the rest of the ways says why not. */
export const retryWays: readonly string[] = ["again", "longer", "corrected"] satisfies readonly RetryWay[];
