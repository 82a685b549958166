"""A query of DuckDB decides which rows are sent; the answers are asked in SQL."""
import os
import shlex
import subprocess

import duckdb

duckdb.sql(
    """COPY (SELECT n AS id, 'Kettle number ' || n || ' works' AS text, n % 2 = 0 AS is_new FROM range(240) t(n))
       TO 'reviews.parquet'"""
)

subprocess.run(
    [
        *["halfprice", "run", "reviews.parquet", "--sql", "SELECT id, text FROM input WHERE is_new", "--yes"],
        *["--prompt", "Sentiment of this review, in one word: {{text}}", "--model", "nova-lite", "-o", "answers.parquet"],
        *shlex.split(os.environ.get("HALFPRICE_FLAGS", "")),
    ],
    check=True,
)

counts = duckdb.sql("SELECT _halfprice_outcome AS outcome, count(*) AS rows FROM 'answers.parquet' GROUP BY 1").fetchall()
assert counts == [("answered", 120)], counts
print(counts)
