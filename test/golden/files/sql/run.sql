SET GLOBAL TimeZone = 'UTC';

SELECT 1 AS found FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false) LIMIT 1;

SELECT 1 AS found FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false) LIMIT 1;

CREATE OR REPLACE TEMP SEQUENCE halfprice_empty_0;

COPY (SELECT concat('{"recordId":"', md5(concat('anthropic.claude-haiku-4-5-20251001-v1:0
InvokeModel
', body)), '","modelInput":', body, '}') AS line FROM (SELECT concat('{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":', to_json(text)::VARCHAR, '}]}]}') AS body FROM (SELECT concat(concat('Repeat: ', coalesce("text", '')), CASE WHEN coalesce("text", '') = '' THEN left(nextval('halfprice_empty_0')::VARCHAR, 0) ELSE '' END) AS text FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false)))) TO 'FOLDER/.halfprice/runs/RUN/records.jsonl.tmp' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '');

SELECT sequence_name, last_value FROM duckdb_sequences();

SELECT sequence_name, last_value FROM duckdb_sequences();

SELECT current_setting('memory_limit') AS memory_limit;

SELECT current_setting('memory_limit') AS memory_limit;

SET memory_limit = '64MiB';

SET memory_limit = '384.0 MiB';


    COPY (
      SELECT CASE WHEN line <> '-' THEN substring(line, 14, 32) END AS record_id,
        (CASE WHEN line <> '-' THEN strlen(line) + 1 ELSE 0 END)::INTEGER AS size_bytes,
        (CASE WHEN line <> '-' THEN ceil(greatest((length(line) - length(concat('{"recordId":"', repeat('0', 32), '","modelInput":', '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":}]}]}""', '}'))) - ((strlen(line) - strlen(concat('{"recordId":"', repeat('0', 32), '","modelInput":', '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":}]}]}""', '}'))) - (length(line) - length(concat('{"recordId":"', repeat('0', 32), '","modelInput":', '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":}]}]}""', '}')))) / 2, 0) / 3.7 + ((strlen(line) - strlen(concat('{"recordId":"', repeat('0', 32), '","modelInput":', '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":}]}]}""', '}'))) - (length(line) - length(concat('{"recordId":"', repeat('0', 32), '","modelInput":', '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"text","text":}]}]}""', '}')))) * 0.6) + 8 ELSE 0 END)::INTEGER AS input_tokens
      FROM read_csv(['FOLDER/.halfprice/runs/RUN/records.jsonl.tmp'], columns = {'line': 'VARCHAR'}, header = false, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false, max_line_size = 2097152, buffer_size = 8388608)
    ) TO 'FOLDER/.halfprice/runs/RUN/records.parquet.tmp' (FORMAT parquet, COMPRESSION zstd);

SELECT current_setting('memory_limit') AS memory_limit;

SELECT current_setting('memory_limit') AS memory_limit;

SET memory_limit = '64MiB';

SET memory_limit = '384.0 MiB';

SELECT count(*) AS rows, count(*) - count(record_id) AS skipped FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet');

SELECT count(*) AS rows, count(*) - count(record_id) AS skipped FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet');

CREATE OR REPLACE TEMP TABLE duplicates (row BIGINT);


      INSERT INTO duplicates SELECT row FROM (SELECT row, record_id FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true)) WHERE record_id IS NOT NULL )
      JOIN (SELECT record_id, min(row) AS first_row FROM (SELECT row, record_id FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true)) WHERE record_id IS NOT NULL ) GROUP BY record_id HAVING count(*) > 1) USING (record_id)
      WHERE row > first_row;

SELECT count(*) AS count FROM duplicates;

SELECT count(*) AS count FROM duplicates;

COPY (SELECT row FROM duplicates ORDER BY row) TO 'FOLDER/.halfprice/runs/RUN/duplicates.parquet.tmp' (FORMAT parquet, COMPRESSION zstd);

DROP TABLE duplicates;


    SELECT count(*) AS records,
      (SELECT count(*) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet')) AS rows
    FROM (
    SELECT row, size_bytes, input_tokens FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      );


    SELECT count(*) AS records,
      (SELECT count(*) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet')) AS rows
    FROM (
    SELECT row, size_bytes, input_tokens FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      );


    SELECT min(row), count(*), sum(size_bytes)::BIGINT, max(size_bytes), sum(input_tokens)::BIGINT, arg_max(row, size_bytes)
    FROM (SELECT *, row // 1 AS block FROM (
    SELECT row, size_bytes, input_tokens FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      ))
    GROUP BY block ORDER BY block;

SELECT row FROM (
    SELECT row, size_bytes, input_tokens FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      ) ORDER BY row LIMIT 3;

SELECT row FROM (
    SELECT row, size_bytes, input_tokens FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
    WHERE record_id IS NOT NULL AND row NOT IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      ) ORDER BY row LIMIT 3;


    CREATE OR REPLACE TABLE "earlier" AS SELECT NULL::VARCHAR AS "answer", NULL::VARCHAR AS record_id, NULL::VARCHAR AS outcome, NULL::VARCHAR AS stop_reason, NULL::BIGINT AS input_tokens, NULL::BIGINT AS output_tokens, NULL::VARCHAR AS error, NULL::VARCHAR AS raw WHERE false;

CREATE OR REPLACE TABLE awaited (record_id VARCHAR, run_id VARCHAR, round INTEGER, own_round INTEGER);

COPY ( SELECT * FROM "earlier") TO 'FOLDER/.halfprice/runs/RUN/earlier.parquet.tmp' (FORMAT parquet, COMPRESSION zstd);

COPY ( SELECT * FROM "awaited") TO 'FOLDER/.halfprice/runs/RUN/awaited.parquet.tmp' (FORMAT parquet, COMPRESSION zstd);


    SELECT count(*) AS records, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o
    FROM read_parquet(['FOLDER/.halfprice/runs/RUN/earlier.parquet'], union_by_name = true) WHERE outcome = 'answered';


    SELECT count(*) AS records, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o
    FROM read_parquet(['FOLDER/.halfprice/runs/RUN/earlier.parquet'], union_by_name = true) WHERE outcome = 'answered';

SELECT run_id, round, count(*) AS records FROM read_parquet('FOLDER/.halfprice/runs/RUN/awaited.parquet') GROUP BY 1, 2 ORDER BY 1, 2;

SELECT run_id, round, count(*) AS records FROM read_parquet('FOLDER/.halfprice/runs/RUN/awaited.parquet') GROUP BY 1, 2 ORDER BY 1, 2;

SELECT (SELECT count(*) FROM earlier) + (SELECT count(*) FROM awaited) AS records;

SELECT (SELECT count(*) FROM earlier) + (SELECT count(*) FROM awaited) AS records;

SET GLOBAL TimeZone = 'UTC';

SELECT DISTINCT run_id FROM read_parquet('FOLDER/.halfprice/runs/RUN/awaited.parquet') ORDER BY 1;

SELECT DISTINCT run_id FROM read_parquet('FOLDER/.halfprice/runs/RUN/awaited.parquet') ORDER BY 1;

SELECT 1 AS found FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false) LIMIT 1;

SELECT 1 AS found FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false) LIMIT 1;


    CREATE OR REPLACE TABLE "answers" AS
    WITH parts AS (
    SELECT line, j IS NULL AS broken,
      coalesce(j ->> '$.recordId', regexp_extract(line, '"recordId"\s*:\s*"([^"\\]+)"', 1)) AS record_id,
      CASE json_type(e)
        WHEN 'OBJECT' THEN coalesce(
          CASE WHEN coalesce(e ->> '$.errorCode', e ->> '$.code', e ->> '$.type') IS NULL AND coalesce(e ->> '$.errorMessage', e ->> '$.message', e ->> '$.Message') IS NULL THEN NULL
    WHEN coalesce(e ->> '$.errorCode', e ->> '$.code', e ->> '$.type') IS NULL THEN coalesce(e ->> '$.errorMessage', e ->> '$.message', e ->> '$.Message') ELSE concat(coalesce(e ->> '$.errorMessage', e ->> '$.message', e ->> '$.Message'), ' (', coalesce(e ->> '$.errorCode', e ->> '$.code', e ->> '$.type'), ')') END,
          nullif(e::VARCHAR, '{}'))
        WHEN 'VARCHAR' THEN nullif(trim(e ->> '$'), '')
        ELSE nullif(e::VARCHAR, '[]')
      END AS error,
      o, m::VARCHAR AS other
    FROM (
      SELECT line, j,
        -- An error that stands in the answer's place, as Anthropic's API writes it too.
        coalesce(nullif((j -> '$.error'), 'null'::JSON), CASE WHEN json_type((j -> '$.modelOutput')) = 'OBJECT' THEN coalesce(
          nullif((j -> '$.modelOutput') -> '$.error', 'null'::JSON), CASE WHEN (j -> '$.modelOutput') ->> '$.type' = 'error' THEN (j -> '$.modelOutput') END) END) AS e,
        nullif((j -> '$.modelOutput'), 'null'::JSON) AS m, TRY_CAST(nullif((j -> '$.modelOutput'), 'null'::JSON) AS STRUCT(content STRUCT(type VARCHAR, text VARCHAR, thinking VARCHAR, name VARCHAR, input JSON)[], stop_reason VARCHAR, usage STRUCT(input_tokens BIGINT, output_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_read_input_tokens BIGINT))) AS o
      FROM (SELECT line, TRY_CAST(line AS JSON) AS j FROM (SELECT NULL::VARCHAR AS line WHERE false) WHERE line <> '')
    )),
    answers AS (
      SELECT broken, record_id, error, line, other,
        coalesce(nullif(array_to_string([b.text FOR b IN o.content IF b.type = 'text' AND b.text IS NOT NULL], ''), ''), nullif(to_json([{name: b.name, input: b.input} FOR b IN o.content IF b.type = 'tool_use'])::VARCHAR, '[]')) AS text, nullif(to_json([{name: b.name, input: b.input} FOR b IN o.content IF b.type = 'tool_use'])::VARCHAR, '[]') AS tool_calls,
        nullif(array_to_string([b.thinking FOR b IN o.content IF b.type = 'thinking' AND b.thinking IS NOT NULL], '
'), '') AS reasoning, NULL::FLOAT[] AS vector,
        o.stop_reason AS stop_reason,
        (CASE WHEN (o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)) BETWEEN 0 AND 1e12 THEN (o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)) END)::BIGINT AS input_tokens, (CASE WHEN (o.usage.output_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.output_tokens) END)::BIGINT AS output_tokens,
        (CASE WHEN (o.usage.cache_read_input_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.cache_read_input_tokens) END)::BIGINT AS cache_read_tokens, (CASE WHEN (o.usage.cache_creation_input_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.cache_creation_input_tokens) END)::BIGINT AS cache_write_tokens,
        (CASE WHEN (NULL) BETWEEN 0 AND 1e12 THEN (NULL) END)::BIGINT AS told_tokens, len([b FOR b IN o.content IF b.type IN ('thinking', 'redacted_thinking')]) > 0 AS has_thought, o IS NULL AS no_output
      FROM parts
    ),
    judged AS (
      SELECT *, NULL AS checked FROM answers
    ),
    outcomes AS (
      SELECT *,
        CASE
          WHEN error IS NOT NULL OR broken OR no_output THEN 'error'
          WHEN stop_reason IN ('max_tokens', 'model_context_window_exceeded') THEN 'truncated'
          WHEN stop_reason IN ('refusal') THEN 'refused'
          WHEN stop_reason IS NULL OR stop_reason NOT IN ('end_turn', 'stop_sequence', 'tool_use') THEN 'error'
          WHEN coalesce(text, '') = '' THEN 'invalid'
          
          ELSE 'answered'
        END AS outcome
      FROM judged
    )
    SELECT broken AS "is broken", coalesce(regexp_matches(tool_calls, '[0-9]{1}\.[0-9]{15,}|[0-9]{2}\.[0-9]{14,}|[0-9]{3}\.[0-9]{13,}|[0-9]{4}\.[0-9]{12,}|[0-9]{5}\.[0-9]{11,}|[0-9]{6}\.[0-9]{10,}|[0-9]{7}\.[0-9]{9,}|[0-9]{8}\.[0-9]{8,}|[0-9]{9}\.[0-9]{7,}|[0-9]{10}\.[0-9]{6,}|[0-9]{11}\.[0-9]{5,}|[0-9]{12}\.[0-9]{4,}|[0-9]{13}\.[0-9]{3,}|[0-9]{14}\.[0-9]{2,}|[0-9]{15}\.[0-9]{1,}|[0-9]{16,}\.[0-9]|[0-9][eE][+-]?[0-9]'), false) AS "has long digits", record_id, outcome, CASE WHEN outcome = 'answered' THEN text END AS "answer",
      stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
      -- Where it is not reported apart: what the answer's own length leaves of the output.
      CASE WHEN told_tokens IS NOT NULL THEN least(told_tokens, output_tokens)
        WHEN coalesce(has_thought, reasoning IS NOT NULL) THEN greatest(0, output_tokens - ceil(length(coalesce(text, '')) / 4))::BIGINT
      END AS reasoning_tokens, told_tokens IS NOT NULL AS is_reasoning_told,
      CASE outcome
        WHEN 'error' THEN CASE
          WHEN error IS NOT NULL THEN error
          WHEN starts_with(line, '') THEN 'the line of this record in the output has bytes that are not UTF-8'
          WHEN broken THEN 'the line of this record in the output is not JSON'
          WHEN no_output AND other IS NOT NULL THEN 'the answer is of another shape than the answers of this model'
          WHEN no_output THEN 'the line of this record in the output has neither an answer nor an error'
          ELSE CASE
    WHEN stop_reason IS NULL AND coalesce(text, '') = '' THEN 'the answer is of another shape than the answers of this model'
    WHEN stop_reason IS NULL THEN 'the answer has no stop reason: nothing says that it is whole'
    WHEN starts_with(stop_reason, 'malformed_') OR stop_reason = 'error'
      THEN concat('the model broke off with an error of its own (', stop_reason, ')')
    WHEN stop_reason = 'pause_turn' THEN 'the model paused its turn: the answer is not whole (pause_turn)'
    ELSE concat('the answer ended with a stop reason that is not known to end a whole one (', stop_reason, ')')
  END
        END
        WHEN 'truncated' THEN CASE stop_reason
          WHEN 'model_context_window_exceeded' THEN 'cut off: the context window of the model was full (model_context_window_exceeded)'
          ELSE 'cut off at max_tokens'
        END
        WHEN 'refused' THEN concat('the model declined (', stop_reason, ')')
        WHEN 'invalid' THEN 'the answer is empty'
      END AS error,
      CASE
        WHEN outcome IN ('truncated', 'refused', 'invalid') THEN text
        -- The digits that a column could not hold, or the calls beside the text.
        WHEN outcome = 'answered' AND (checked ->> '$.inexact') IS NOT NULL THEN text
        WHEN outcome = 'answered' THEN CASE WHEN text IS DISTINCT FROM tool_calls THEN tool_calls END
        WHEN broken THEN ltrim(line, '')
        ELSE coalesce(nullif(text, ''), other)
      END AS raw
    FROM outcomes;

SELECT 1 AS found FROM "answers" WHERE "has long digits" LIMIT 1;

SELECT 1 AS found FROM "answers" WHERE "has long digits" LIMIT 1;

SELECT 1 AS found FROM "answers" WHERE outcome = 'error' AND stop_reason IS NULL AND input_tokens IS NULL AND error LIKE 'the %' LIMIT 1;

SELECT 1 AS found FROM "answers" WHERE outcome = 'error' AND stop_reason IS NULL AND input_tokens IS NULL AND error LIKE 'the %' LIMIT 1;

SELECT count(*) AS lines, count(*) FILTER ("is broken") AS broken,
      count(*) FILTER ("is broken" AND record_id = '') AS nameless,
      count(DISTINCT record_id) FILTER (record_id <> '') AS kept FROM "answers";

SELECT count(*) AS lines, count(*) FILTER ("is broken") AS broken,
      count(*) FILTER ("is broken" AND record_id = '') AS nameless,
      count(DISTINCT record_id) FILTER (record_id <> '') AS kept FROM "answers";

CREATE OR REPLACE TABLE resent AS SELECT *, 0 AS round, 0::DOUBLE AS cost_usd FROM answers;


      INSERT INTO resent BY NAME SELECT * REPLACE ("answer"::VARCHAR AS "answer"), 0 AS round, 0::DOUBLE AS cost_usd FROM read_parquet('FOLDER/.halfprice/runs/RUN/earlier.parquet');

DROP TABLE answers;


    CREATE OR REPLACE TABLE carried_ids AS
      SELECT record_id, min(row) AS first_row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true))
      WHERE record_id IN (
        SELECT record_id FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true)) WHERE row IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet'))
      )
      GROUP BY record_id HAVING count(DISTINCT CASE WHEN row < 120 THEN 0 END) > 1;

SELECT count(*) AS count FROM carried_ids;

SELECT count(*) AS count FROM carried_ids;

SELECT current_setting('threads') AS threads;

SELECT current_setting('threads') AS threads;


    SET threads = 1;
    SET allocator_flush_threshold = '4MiB'; SET allocator_bulk_deallocation_flush_threshold = '16MiB';
    SET enable_external_file_cache = false;


    CREATE OR REPLACE TABLE "answers_0" AS
    WITH parts AS (
    SELECT NULL::VARCHAR AS line, false AS broken, recordId AS record_id, modelOutput AS o, NULL::VARCHAR AS other,
      CASE WHEN error.errorCode IS NULL AND error.errorMessage IS NULL THEN NULL
    WHEN error.errorCode IS NULL THEN error.errorMessage ELSE concat(error.errorMessage, ' (', error.errorCode, ')') END AS error
    FROM read_json(['FOLDER/.halfprice/runs/RUN/output/lpmnkhm2ngt0/shard-00001.jsonl.out'], format = 'newline_delimited', maximum_object_size = 4194304, columns = {recordId: 'VARCHAR', modelOutput: 'STRUCT(content STRUCT(type VARCHAR, text VARCHAR, thinking VARCHAR, name VARCHAR, input JSON)[], stop_reason VARCHAR, usage STRUCT(input_tokens BIGINT, output_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_read_input_tokens BIGINT))', error: 'STRUCT(errorCode VARCHAR, errorMessage VARCHAR)'})),
    answers AS (
      SELECT broken, record_id, error, line, other,
        coalesce(nullif(array_to_string([b.text FOR b IN o.content IF b.type = 'text' AND b.text IS NOT NULL], ''), ''), nullif(to_json([{name: b.name, input: b.input} FOR b IN o.content IF b.type = 'tool_use'])::VARCHAR, '[]')) AS text, nullif(to_json([{name: b.name, input: b.input} FOR b IN o.content IF b.type = 'tool_use'])::VARCHAR, '[]') AS tool_calls,
        nullif(array_to_string([b.thinking FOR b IN o.content IF b.type = 'thinking' AND b.thinking IS NOT NULL], '
'), '') AS reasoning, NULL::FLOAT[] AS vector,
        o.stop_reason AS stop_reason,
        (CASE WHEN (o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)) BETWEEN 0 AND 1e12 THEN (o.usage.input_tokens + coalesce(o.usage.cache_creation_input_tokens, 0) + coalesce(o.usage.cache_read_input_tokens, 0)) END)::BIGINT AS input_tokens, (CASE WHEN (o.usage.output_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.output_tokens) END)::BIGINT AS output_tokens,
        (CASE WHEN (o.usage.cache_read_input_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.cache_read_input_tokens) END)::BIGINT AS cache_read_tokens, (CASE WHEN (o.usage.cache_creation_input_tokens) BETWEEN 0 AND 1e12 THEN (o.usage.cache_creation_input_tokens) END)::BIGINT AS cache_write_tokens,
        (CASE WHEN (NULL) BETWEEN 0 AND 1e12 THEN (NULL) END)::BIGINT AS told_tokens, len([b FOR b IN o.content IF b.type IN ('thinking', 'redacted_thinking')]) > 0 AS has_thought, o IS NULL AS no_output
      FROM parts
    ),
    judged AS (
      SELECT *, NULL AS checked FROM answers
    ),
    outcomes AS (
      SELECT *,
        CASE
          WHEN error IS NOT NULL OR broken OR no_output THEN 'error'
          WHEN stop_reason IN ('max_tokens', 'model_context_window_exceeded') THEN 'truncated'
          WHEN stop_reason IN ('refusal') THEN 'refused'
          WHEN stop_reason IS NULL OR stop_reason NOT IN ('end_turn', 'stop_sequence', 'tool_use') THEN 'error'
          WHEN coalesce(text, '') = '' THEN 'invalid'
          
          ELSE 'answered'
        END AS outcome
      FROM judged
    )
    SELECT broken AS "is broken", coalesce(regexp_matches(tool_calls, '[0-9]{1}\.[0-9]{15,}|[0-9]{2}\.[0-9]{14,}|[0-9]{3}\.[0-9]{13,}|[0-9]{4}\.[0-9]{12,}|[0-9]{5}\.[0-9]{11,}|[0-9]{6}\.[0-9]{10,}|[0-9]{7}\.[0-9]{9,}|[0-9]{8}\.[0-9]{8,}|[0-9]{9}\.[0-9]{7,}|[0-9]{10}\.[0-9]{6,}|[0-9]{11}\.[0-9]{5,}|[0-9]{12}\.[0-9]{4,}|[0-9]{13}\.[0-9]{3,}|[0-9]{14}\.[0-9]{2,}|[0-9]{15}\.[0-9]{1,}|[0-9]{16,}\.[0-9]|[0-9][eE][+-]?[0-9]'), false) AS "has long digits", record_id, outcome, CASE WHEN outcome = 'answered' THEN text END AS "answer",
      stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
      -- Where it is not reported apart: what the answer's own length leaves of the output.
      CASE WHEN told_tokens IS NOT NULL THEN least(told_tokens, output_tokens)
        WHEN coalesce(has_thought, reasoning IS NOT NULL) THEN greatest(0, output_tokens - ceil(length(coalesce(text, '')) / 4))::BIGINT
      END AS reasoning_tokens, told_tokens IS NOT NULL AS is_reasoning_told,
      CASE outcome
        WHEN 'error' THEN CASE
          WHEN error IS NOT NULL THEN error
          WHEN starts_with(line, '') THEN 'the line of this record in the output has bytes that are not UTF-8'
          WHEN broken THEN 'the line of this record in the output is not JSON'
          WHEN no_output AND other IS NOT NULL THEN 'the answer is of another shape than the answers of this model'
          WHEN no_output THEN 'the line of this record in the output has neither an answer nor an error'
          ELSE CASE
    WHEN stop_reason IS NULL AND coalesce(text, '') = '' THEN 'the answer is of another shape than the answers of this model'
    WHEN stop_reason IS NULL THEN 'the answer has no stop reason: nothing says that it is whole'
    WHEN starts_with(stop_reason, 'malformed_') OR stop_reason = 'error'
      THEN concat('the model broke off with an error of its own (', stop_reason, ')')
    WHEN stop_reason = 'pause_turn' THEN 'the model paused its turn: the answer is not whole (pause_turn)'
    ELSE concat('the answer ended with a stop reason that is not known to end a whole one (', stop_reason, ')')
  END
        END
        WHEN 'truncated' THEN CASE stop_reason
          WHEN 'model_context_window_exceeded' THEN 'cut off: the context window of the model was full (model_context_window_exceeded)'
          ELSE 'cut off at max_tokens'
        END
        WHEN 'refused' THEN concat('the model declined (', stop_reason, ')')
        WHEN 'invalid' THEN 'the answer is empty'
      END AS error,
      CASE
        WHEN outcome IN ('truncated', 'refused', 'invalid') THEN text
        -- The digits that a column could not hold, or the calls beside the text.
        WHEN outcome = 'answered' AND (checked ->> '$.inexact') IS NOT NULL THEN text
        WHEN outcome = 'answered' THEN CASE WHEN text IS DISTINCT FROM tool_calls THEN tool_calls END
        WHEN broken THEN ltrim(line, '')
        ELSE coalesce(nullif(text, ''), other)
      END AS raw
    FROM outcomes;

SELECT 1 AS found FROM "answers_0" WHERE "has long digits" LIMIT 1;

SELECT 1 AS found FROM "answers_0" WHERE "has long digits" LIMIT 1;

SELECT 1 AS found FROM "answers_0" WHERE outcome = 'error' AND stop_reason IS NULL AND input_tokens IS NULL AND error LIKE 'the %' LIMIT 1;

SELECT 1 AS found FROM "answers_0" WHERE outcome = 'error' AND stop_reason IS NULL AND input_tokens IS NULL AND error LIKE 'the %' LIMIT 1;

SELECT count(*) AS lines, count(*) FILTER ("is broken") AS broken,
      count(*) FILTER ("is broken" AND record_id = '') AS nameless,
      count(DISTINCT record_id) FILTER (record_id <> '') AS kept FROM "answers_0";

SELECT count(*) AS lines, count(*) FILTER ("is broken") AS broken,
      count(*) FILTER ("is broken" AND record_id = '') AS nameless,
      count(DISTINCT record_id) FILTER (record_id <> '') AS kept FROM "answers_0";


    SELECT count(*) AS answers, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o,
      count(*) FILTER (input_tokens IS NULL OR output_tokens IS NULL) AS unreported,
      0 AS extra, coalesce(sum(reasoning_tokens), 0)::BIGINT AS thought,
      count(*) FILTER (reasoning_tokens IS NOT NULL AND NOT is_reasoning_told) AS guessed
    FROM "answers_0" WHERE outcome <> 'error' OR input_tokens IS NOT NULL OR "is broken";


    SELECT count(*) AS answers, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o,
      count(*) FILTER (input_tokens IS NULL OR output_tokens IS NULL) AS unreported,
      0 AS extra, coalesce(sum(reasoning_tokens), 0)::BIGINT AS thought,
      count(*) FILTER (reasoning_tokens IS NOT NULL AND NOT is_reasoning_told) AS guessed
    FROM "answers_0" WHERE outcome <> 'error' OR input_tokens IS NOT NULL OR "is broken";


    COPY (
      SELECT t."id", t."text", s."answer" AS "answer", s."_meta_outcome" AS "_halfprice_outcome", s."_meta_stop_reason" AS "_halfprice_stop_reason", s."_meta_input_tokens" AS "_halfprice_input_tokens", s."_meta_output_tokens" AS "_halfprice_output_tokens", s."_meta_cost_usd" AS "_halfprice_cost_usd", s."_meta_error" AS "_halfprice_error", s."_meta_record_id" AS "_halfprice_record_id", s."_meta_raw" AS "_halfprice_raw" FROM (SELECT * FROM read_csv(['FOLDER/.halfprice/runs/RUN/rows.csv'], header = true, auto_detect = false, quote = '"', escape = '"', strict_mode = true, delim = ',', columns = {'id': 'VARCHAR', 'text': 'VARCHAR'}, max_line_size = 2097152, buffer_size = 8388608, hive_partitioning = false)) t POSITIONAL JOIN (
        SELECT a."answer",
          CASE WHEN r.record_id IS NULL THEN 'skipped' ELSE coalesce(a.outcome, 'missing') END AS "_meta_outcome", a.stop_reason AS "_meta_stop_reason", a.input_tokens AS "_meta_input_tokens", a.output_tokens AS "_meta_output_tokens", CASE WHEN NOT is_later THEN a.cost_usd WHEN true THEN 0 END AS "_meta_cost_usd", CASE WHEN r.record_id IS NULL THEN 'the prompt of this row has no text' WHEN a.outcome IS NULL THEN 'the output has no line for this record' ELSE a.error END AS "_meta_error", r.record_id AS "_meta_record_id", a.raw AS "_meta_raw"
        FROM (
          SELECT row, record_id, row IN (SELECT row FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet') WHERE row >= 0 AND row < 120) AS is_later
          FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true)) WHERE row >= 0 AND row < 120
        ) r LEFT JOIN (
    SELECT * REPLACE ((sum(input_tokens) OVER (PARTITION BY record_id))::BIGINT AS input_tokens, (sum(output_tokens) OVER (PARTITION BY record_id))::BIGINT AS output_tokens, (sum(cost_usd) OVER (PARTITION BY record_id))::DOUBLE AS cost_usd) FROM (
    SELECT *, 0 AS round FROM (SELECT *, ((input_tokens * 0.55 + output_tokens * 2.75) / 1e6) AS cost_usd FROM answers_0) UNION ALL BY NAME
    SELECT * FROM resent WHERE record_id IN (SELECT record_id FROM (SELECT record_id FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/records.parquet', file_row_number = true)) WHERE row >= 0 AND row < 120)))
    QUALIFY row_number() OVER (
      PARTITION BY record_id ORDER BY CASE outcome WHEN 'answered' THEN 0 WHEN 'error' THEN 2 WHEN 'missing' THEN 3 ELSE 1 END, round DESC) = 1
  ) a ON a.record_id = r.record_id
        ORDER BY r.row
      ) s
    ) TO 'FOLDER/.halfprice/runs/RUN/results.parquet.tmp' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 24576);

SET threads = 2; SET enable_external_file_cache = true;

SELECT "_halfprice_outcome" AS outcome, count(*) AS count FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') GROUP BY 1;

SELECT "_halfprice_outcome" AS outcome, count(*) AS count FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') GROUP BY 1;


    WITH texts AS (
      SELECT "_halfprice_outcome" AS outcome, any_value("_halfprice_error") AS message, count(*) AS count,
        regexp_replace("_halfprice_error", '[0-9]+', '#', 'g') AS words
      FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" NOT IN ('answered', 'skipped') GROUP BY "_halfprice_outcome", words
    ),
    explained AS (SELECT *, halfprice_cause(outcome, message) AS explanation FROM texts)
    SELECT outcome, arg_max(message, count) AS message, arg_max(explanation, count) AS explanation, sum(count) AS count
    FROM explained GROUP BY outcome, coalesce(regexp_replace(explanation, '[0-9]+', '#', 'g'), words)
    ORDER BY count DESC, message LIMIT 20;


    WITH texts AS (
      SELECT "_halfprice_outcome" AS outcome, any_value("_halfprice_error") AS message, count(*) AS count,
        regexp_replace("_halfprice_error", '[0-9]+', '#', 'g') AS words
      FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" NOT IN ('answered', 'skipped') GROUP BY "_halfprice_outcome", words
    ),
    explained AS (SELECT *, halfprice_cause(outcome, message) AS explanation FROM texts)
    SELECT outcome, arg_max(message, count) AS message, arg_max(explanation, count) AS explanation, sum(count) AS count
    FROM explained GROUP BY outcome, coalesce(regexp_replace(explanation, '[0-9]+', '#', 'g'), words)
    ORDER BY count DESC, message LIMIT 20;

SELECT count(*) AS rows FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet');

SELECT count(*) AS rows FROM read_parquet('FOLDER/.halfprice/runs/RUN/duplicates.parquet');


    SELECT count(*) AS records, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o
    FROM read_parquet(['FOLDER/.halfprice/runs/RUN/earlier.parquet'], union_by_name = true) WHERE outcome = 'answered';


    SELECT count(*) AS records, coalesce(sum(input_tokens), 0)::BIGINT AS i, coalesce(sum(output_tokens), 0)::BIGINT AS o
    FROM read_parquet(['FOLDER/.halfprice/runs/RUN/earlier.parquet'], union_by_name = true) WHERE outcome = 'answered';


    SELECT sum("_halfprice_cost_usd") AS usd, count(*) FILTER ("_halfprice_cost_usd" IS NULL AND "_halfprice_outcome" NOT IN ('skipped', 'missing', 'error')) AS unknown
    FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');


    SELECT sum("_halfprice_cost_usd") AS usd, count(*) FILTER ("_halfprice_cost_usd" IS NULL AND "_halfprice_outcome" NOT IN ('skipped', 'missing', 'error')) AS unknown
    FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');

SELECT count(value) AS count, approx_count_distinct(value) AS distinct_count, max(length(value)) AS longest FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered');

SELECT count(value) AS count, approx_count_distinct(value) AS distinct_count, max(length(value)) AS longest FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered');

SELECT count(value) AS count, count(*) - count(value) AS empty, approx_quantile(length(value), 0.5)::DOUBLE AS median FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered');

SELECT count(value) AS count, count(*) - count(value) AS empty, approx_quantile(length(value), 0.5)::DOUBLE AS median FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered');

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT (length(value))::DOUBLE AS value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered')) WHERE isfinite(value);

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT (length(value))::DOUBLE AS value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered')) WHERE isfinite(value);

SELECT least(floor((value - 130) / 1), 2) AS bin, count(*) AS count FROM (SELECT (length(value))::DOUBLE AS value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered')) WHERE isfinite(value) GROUP BY 1;

SELECT least(floor((value - 130) / 1), 2) AS bin, count(*) AS count FROM (SELECT (length(value))::DOUBLE AS value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered')) WHERE isfinite(value) GROUP BY 1;


    SELECT word AS text, count(*) AS count FROM (
      SELECT unnest(list_distinct(regexp_extract_all(lower(value), '[\p{L}\p{N}][\p{L}\p{N}''’-]*'))) AS word
      FROM (SELECT value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE value IS NOT NULL LIMIT 20000)
    ) WHERE length(word) > 2 AND NOT list_contains(['the', 'and', 'for', 'are', 'was', 'were', 'with', 'that', 'this', 'from', 'have', 'has', 'had', 'not', 'but', 'you', 'your', 'they', 'their', 'them', 'she', 'her', 'his', 'him', 'its', 'our', 'will', 'would', 'can', 'could', 'should', 'there', 'here', 'what', 'when', 'which', 'who', 'how', 'all', 'any', 'been', 'being', 'more', 'some', 'than', 'then', 'also', 'into', 'about', 'over', 'such', 'only', 'other', 'one', 'two', 'may', 'might', 'must', 'does', 'did', 'very', 'just', 'out', 'get', 'got'], word)
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 15;


    SELECT word AS text, count(*) AS count FROM (
      SELECT unnest(list_distinct(regexp_extract_all(lower(value), '[\p{L}\p{N}][\p{L}\p{N}''’-]*'))) AS word
      FROM (SELECT value FROM (SELECT "answer" AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE value IS NOT NULL LIMIT 20000)
    ) WHERE length(word) > 2 AND NOT list_contains(['the', 'and', 'for', 'are', 'was', 'were', 'with', 'that', 'this', 'from', 'have', 'has', 'had', 'not', 'but', 'you', 'your', 'they', 'their', 'them', 'she', 'her', 'his', 'him', 'its', 'our', 'will', 'would', 'can', 'could', 'should', 'there', 'here', 'what', 'when', 'which', 'who', 'how', 'all', 'any', 'been', 'being', 'more', 'some', 'than', 'then', 'also', 'into', 'about', 'over', 'such', 'only', 'other', 'one', 'two', 'may', 'might', 'must', 'does', 'did', 'very', 'just', 'out', 'get', 'got'], word)
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 15;

DESCRIBE SELECT * FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');

DESCRIBE SELECT * FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');

SELECT count(*) AS rows FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');

SELECT count(*) AS rows FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet');


    SELECT row, "_halfprice_outcome" AS outcome, "_halfprice_error" AS error, "_halfprice_record_id" AS record_id
      , "id"::VARCHAR AS cell_0, "text"::VARCHAR AS cell_1, "answer"::VARCHAR AS answer_0
    FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row IN ((SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 0 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 20 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 40 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 60 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 80 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 100 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'truncated' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'refused' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'invalid' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'error' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'missing' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'skipped' LIMIT 3)) ORDER BY row;


    SELECT row, "_halfprice_outcome" AS outcome, "_halfprice_error" AS error, "_halfprice_record_id" AS record_id
      , "id"::VARCHAR AS cell_0, "text"::VARCHAR AS cell_1, "answer"::VARCHAR AS answer_0
    FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row IN ((SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 0 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 20 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 40 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 60 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 80 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE row >= 100 AND "_halfprice_outcome" = 'answered' LIMIT 1) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'truncated' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'refused' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'invalid' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'error' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'missing' LIMIT 3) UNION (SELECT row FROM (SELECT file_row_number AS row, * EXCLUDE (file_row_number) FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet', file_row_number = true)) WHERE "_halfprice_outcome" = 'skipped' LIMIT 3)) ORDER BY row;

SELECT substring(line, 14, 32) AS id, substring(line, 61, length(line) - 61) AS body FROM read_csv(['FOLDER/.halfprice/runs/RUN/input/records.jsonl'], columns = {'line': 'VARCHAR'}, header = false, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false, max_line_size = 33554432, buffer_size = 67108864) WHERE list_contains(['4479e34397440b58e681e3d17550a62a', 'c62e476d23bb088b2641f6b0ddabca46', '3ed43a4ed0f54e06d2ee7ad5717ae72f', '2bc13ea653ecfca5e493efef19e65ba8', '2542c5710cbf2e3b806f25672b41f66b', '2e7e07bcd78ef5f495ce652f3db91312'], substring(line, 14, 32));

SELECT substring(line, 14, 32) AS id, substring(line, 61, length(line) - 61) AS body FROM read_csv(['FOLDER/.halfprice/runs/RUN/input/records.jsonl'], columns = {'line': 'VARCHAR'}, header = false, delim = '', quote = '', escape = '', auto_detect = false, strict_mode = false, max_line_size = 33554432, buffer_size = 67108864) WHERE list_contains(['4479e34397440b58e681e3d17550a62a', 'c62e476d23bb088b2641f6b0ddabca46', '3ed43a4ed0f54e06d2ee7ad5717ae72f', '2bc13ea653ecfca5e493efef19e65ba8', '2542c5710cbf2e3b806f25672b41f66b', '2e7e07bcd78ef5f495ce652f3db91312'], substring(line, 14, 32));

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT "_halfprice_input_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value);

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT "_halfprice_input_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value);

SELECT least(floor((value - 12) / 1), 0) AS bin, count(*) AS count FROM (SELECT "_halfprice_input_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value) GROUP BY 1;

SELECT least(floor((value - 12) / 1), 0) AS bin, count(*) AS count FROM (SELECT "_halfprice_input_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value) GROUP BY 1;

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT "_halfprice_output_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value);

SELECT min(value) AS min, max(value) AS max, coalesce(bool_and(value = round(value)), false) AS whole FROM (SELECT "_halfprice_output_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value);

SELECT least(floor((value - 33) / 1), 0) AS bin, count(*) AS count FROM (SELECT "_halfprice_output_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value) GROUP BY 1;

SELECT least(floor((value - 33) / 1), 0) AS bin, count(*) AS count FROM (SELECT "_halfprice_output_tokens"::DOUBLE AS value FROM read_parquet('FOLDER/.halfprice/runs/RUN/results.parquet') WHERE "_halfprice_outcome" = 'answered') WHERE isfinite(value) GROUP BY 1
