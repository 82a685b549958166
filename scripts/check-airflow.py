"""Runs the operator of examples/airflow as Airflow does: an attempt whose answer is lost, then its retry. Called by check-examples.mjs."""
import json
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

from airflow.providers.common.ai.operators import llm_batch

sys.path.insert(0, ".")
import reviews_dag  # noqa: E402

proxy = sys.argv[1]
prompts = reviews_dag.prompts.function()
operator = reviews_dag.answers
operator.requests = prompts
operator.result_path = Path("results").absolute().as_uri()
operator.deferrable = False
# The service's jobs take a second here: half a minute between two looks is for real ones.
real_sleep = llm_batch.time.sleep
llm_batch.time.sleep = lambda seconds: real_sleep(min(seconds, 0.5))


def ask(path):
    with urllib.request.urlopen(f"{proxy}{path}") as answer:
        return json.load(answer)


def attempt():
    ti = SimpleNamespace(
        dag_id="reviews", task_id="answers", run_id="nightly", map_index=-1, xcom_push=lambda **_: None
    )
    return operator.execute({"task_instance": ti, "ti": ti})


ask("/lose-answers")
try:
    attempt()
    raise AssertionError("the first attempt got an answer")
except AssertionError:
    raise
except Exception as error:
    print("first attempt:", type(error).__name__)
kept = ask("/keep-answers")
manifest = attempt()
rows = [json.loads(line) for line in Path(manifest["result_uri"].removeprefix("file://")).read_text().splitlines()]
batches = ask("/v1/batches")["data"]
print("lost answers:", kept["lost"], "batches:", len(batches), "counts:", manifest["counts"])
assert kept["lost"] >= 1
assert len(batches) == 1, [batch["id"] for batch in batches]
assert batches[0]["id"] == manifest["batch_id"]
assert batches[0]["metadata"]["idempotency_key"]
assert len(rows) == len(prompts) and {row["status"] for row in rows} == {"success"}
assert {row["output"]["sentiment"] for row in rows} <= {"good", "bad", "mixed"}
# A cleared task lands the same results again, at no cost.
assert attempt()["batch_id"] == manifest["batch_id"]
assert len(ask("/v1/batches")["data"]) == 1
assert reviews_dag.count.function(manifest)
