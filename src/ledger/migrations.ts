/*
 * A run:
 *   prepared    from the yes to its plan; its input is written, nothing has been sent, nothing is paid
 *   running     from the first outside call that was announced, or from a round of records that are sent again; what was sent
 *               is paid as it is answered. Ends when every shard is collected
 *   collected   everything there is was fetched; the table is being written. Costs nothing, and can be done again
 *   done        its table is written. A further round makes it running again
 *   stopped     a person stopped it: jobs under way are stopped and collected, what waits is not sent; its table holds what
 *               there was. A further round makes it running again, and sends what was never sent
 *
 * A shard, inside its run; round 0 as planned, from 1 for what is sent again:
 *   waiting     nothing has been sent for it
 *   asking      (lane on_demand) its records are being asked one by one, and paid; the answers on disk say which were
 *   uploading   (lane batch, from here on) its file is on the way to S3; may be there in part, or whole
 *   submitting  the job was announced: it may exist, and is looked for by name before it is made
 *   submitted   the job exists and has an ARN; it goes on without any process, and what it answers is paid
 *   ended       the job is in one of its end states; its output may be here in part
 *   collected   its output is in the run's directory, whole: nothing more can come of it
 *
 * Every state is written before the call that it announces, so after a crash the ledger says what may have happened. A shard
 * only ever moves down this list; but one whose job has ended without any answer may wait again, for its next attempt or for being asked on
 * demand. Each run has at most one owner, which says every minute that it is there.
 */
const version1 = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'running', 'collected', 'done', 'stopped')),
    fingerprint TEXT NOT NULL,
    origin_kind TEXT NOT NULL CHECK (origin_kind IN ('aws', 'local')),
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    model_label TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    output_path TEXT,
    summary TEXT,
    owner_pid INTEGER,
    owner_host TEXT,
    owner_seen_at INTEGER
  ) STRICT;
  CREATE INDEX runs_by_fingerprint ON runs (fingerprint, state);
  CREATE TABLE shards (
    run_id TEXT NOT NULL REFERENCES runs (id),
    shard_index INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'uploading', 'submitting', 'submitted', 'ended', 'collected')),
    record_count INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (run_id, shard_index)
  ) STRICT;
  CREATE TABLE attempts (
    run_id TEXT NOT NULL,
    shard_index INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    job_name TEXT NOT NULL UNIQUE,
    client_token TEXT NOT NULL,
    input_uri TEXT NOT NULL,
    output_uri TEXT NOT NULL,
    announced_at INTEGER NOT NULL,
    job_arn TEXT,
    status TEXT,
    message TEXT,
    submitted_at INTEGER,
    ended_at INTEGER,
    total_records INTEGER,
    processed_records INTEGER,
    success_records INTEGER,
    error_records INTEGER,
    manifest TEXT,
    PRIMARY KEY (run_id, shard_index, attempt),
    FOREIGN KEY (run_id, shard_index) REFERENCES shards (run_id, shard_index)
  ) STRICT;
`;

/*
 * Shards know what they are made of, so that a retry or a remainder is a shard like any other: where its lines are, how
 * they are answered (lane), which time round this is, and what it may cost. A new state means a new table: SQLite changes
 * no CHECK. What ran before had one lane, one round and one file; where its lines begin follows from the sizes.
 */
const version2 = `
  ALTER TABLE runs ADD COLUMN estimate_low_usd REAL;
  ALTER TABLE runs ADD COLUMN estimate_usd REAL;
  ALTER TABLE runs ADD COLUMN estimate_high_usd REAL;
  CREATE TABLE shards_2 (
    run_id TEXT NOT NULL REFERENCES runs (id),
    shard_index INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
      state IN ('waiting', 'asking', 'uploading', 'submitting', 'submitted', 'ended', 'collected')),
    record_count INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    lane TEXT NOT NULL DEFAULT 'batch' CHECK (lane IN ('batch', 'on_demand')),
    round INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0),
    file TEXT NOT NULL DEFAULT 'input/records.jsonl',
    from_byte INTEGER NOT NULL DEFAULT 0,
    estimate_high_usd REAL,
    asked_at INTEGER,
    answered_at INTEGER,
    PRIMARY KEY (run_id, shard_index)
  ) STRICT;
  INSERT INTO shards_2 (run_id, shard_index, state, record_count, size_bytes, from_byte)
    SELECT run_id, shard_index, state, record_count, size_bytes,
      coalesce(sum(size_bytes) OVER (
        PARTITION BY run_id ORDER BY shard_index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM shards;
  DROP TABLE shards;
  ALTER TABLE shards_2 RENAME TO shards;
`;

/*
 * A shard can be closed before it is collected: nothing more is expected of it, nothing is reserved for it.
 *   refused   the service refused its upload or its job for good; resuming the run opens it again
 *   unknown   the service does not know its job; seen again, it is open again
 *   gone      the run was given up after its files were gone
 *   resent    a retry sends what it had in a round of its own
 * And each run notes which rounds of which runs it waits for. A run only ever waits for rounds that were in the ledger before it,
 * or before its own round, so no two runs wait for each other.
 */
const version3 = `
  ALTER TABLE shards ADD COLUMN closed TEXT CHECK (closed IN ('refused', 'unknown', 'gone', 'resent'));
  CREATE TABLE awaits (
    run_id TEXT NOT NULL REFERENCES runs (id),
    awaited_run_id TEXT NOT NULL REFERENCES runs (id),
    awaited_round INTEGER NOT NULL CHECK (awaited_round >= 0),
    PRIMARY KEY (run_id, awaited_run_id, awaited_round)
  ) STRICT;
`;

/*
 * A run may be done in parts. Their run has no shards of its own, and says how many there are; the run of a part says whose it is, and which.
 * A part that is tried again is a run of its own each time: the latest one has its rows.
 */
const version4 = `
  ALTER TABLE runs ADD COLUMN part_count INTEGER CHECK (part_count > 0);
  ALTER TABLE runs ADD COLUMN part_of TEXT REFERENCES runs (id);
  ALTER TABLE runs ADD COLUMN part INTEGER CHECK (part > 0);
  CREATE INDEX runs_by_parent ON runs (part_of, part);
`;

/** What leads from each version of the tables to the next: the first makes them. */
export const migrations: readonly string[] = [version1, version2, version3, version4];
