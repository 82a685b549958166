"""A nightly DAG whose batch goes through `halfprice serve` to Amazon Bedrock.

    halfprice serve --port 8787 --map gpt-4o-mini=nova-2-lite
    export AIRFLOW_CONN_HALFPRICE='{"conn_type": "pydanticai", "host": "http://127.0.0.1:8787/v1", "password": "any"}'

The operator writes its intent down before the paid call. Where the answer to that call is lost, its retry finds the batch by the metadata that
`serve` keeps, and waits for it: nothing is sent twice.
"""
from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from airflow.providers.common.ai.operators.llm_batch import LLMBatchOperator
from airflow.sdk import DAG, ObjectStoragePath, task

RESULTS = os.environ.get("REVIEWS_RESULTS", "s3://my-bucket/reviews")


class Review(BaseModel):
    sentiment: Literal["good", "bad", "mixed"]


with DAG(
    "reviews",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
):

    @task
    def prompts() -> list[str]:
        return [f"Sentiment of this review: Kettle number {n} works" for n in range(120)]

    # One folder a run of the DAG: a retry looks there for what the attempt before it has begun.
    answers = LLMBatchOperator(
        task_id="answers",
        llm_conn_id="halfprice",
        model_id="openai:gpt-4o-mini",
        requests=prompts(),
        output_type=Review,
        max_tokens=100,
        result_path=f"{RESULTS}/{{{{ run_id }}}}",
        deferrable=True,
    )

    @task
    def count(manifest: dict) -> dict[str, int]:
        lines = ObjectStoragePath(manifest["result_uri"]).read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        counts: dict[str, int] = {}
        for row in rows:
            answer = row["output"]["sentiment"] if row["status"] == "success" else row["status"]
            counts[answer] = counts.get(answer, 0) + 1
        return counts

    count(answers.output)
