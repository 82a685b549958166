/** Columns of many kinds, with NULLs in them, as SQL over a number `i`. */
export const mixedColumns = [
  "i",
  "CASE WHEN i % 3 = 0 THEN NULL ELSE concat('text é ', i, repeat('x', (i % 200)::INT)) END AS text",
  "CASE i % 4 WHEN 0 THEN 'answered' WHEN 1 THEN 'error' END AS outcome",
  "NULL::VARCHAR AS nothing",
  "i % 2 = 0 AS sure",
  "(i / 7)::DOUBLE AS score",
  "(i / 100)::DECIMAL(18, 2) AS price",
  "DATE '2026-01-01' + i::INT AS day",
  "[i, i + 1, NULL] AS numbers",
  "CASE WHEN i % 5 = 0 THEN NULL ELSE {a: i, b: [concat('b', i)]} END AS nested",
].join(", ");
