"""A frame of pandas in, the same frame with answers out."""
import os
import shlex
import subprocess

import pandas as pd

reviews = pd.DataFrame({"id": range(120), "text": [f"Kettle number {n} works" for n in range(120)]})
reviews.to_parquet("reviews.parquet")

subprocess.run(
    [
        *["halfprice", "run", "reviews.parquet", "--yes", "-o", "answers.parquet"],
        *["--prompt", "Sentiment of this review, one of good, bad, mixed: {{text}}"],
        *["--model", "claude-haiku-4.5", "--max-cost", "5"],
        *shlex.split(os.environ.get("HALFPRICE_FLAGS", "")),
    ],
    check=True,
)

answers = pd.read_parquet("answers.parquet")
assert list(answers["id"]) == list(reviews["id"])
print(answers["_halfprice_outcome"].value_counts())
print(answers[["id", "answer"]].head())
