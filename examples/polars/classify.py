"""A lazy frame of polars in, typed answers out: the schema makes a column of each field."""
import json
import os
import shlex
import subprocess

import polars as pl

pl.DataFrame({"id": range(120), "text": [f"Kettle number {n} works" for n in range(120)]}).write_parquet("reviews.parquet")
with open("schema.json", "w") as file:
    json.dump({"type": "object", "properties": {"sentiment": {"enum": ["good", "bad", "mixed"]}}, "required": ["sentiment"]}, file)

subprocess.run(
    [
        *["halfprice", "run", "reviews.parquet", "--yes", "-o", "answers.parquet", "--schema", "schema.json"],
        *["--prompt", "What is the sentiment of this review? {{text}}", "--model", "nova-lite", "--max-cost", "5"],
        *shlex.split(os.environ.get("HALFPRICE_FLAGS", "")),
    ],
    check=True,
)

answers = pl.scan_parquet("answers.parquet").filter(pl.col("_halfprice_outcome") == "answered")
counts = answers.group_by("sentiment").len().collect()
assert counts["len"].sum() == 120
print(counts)
