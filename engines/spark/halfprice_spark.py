"""Carries the parts of a halfprice run over the executors of a Spark cluster: EMR, Glue, Databricks, or one's own.

Executors prepare and join parts; they never call a model. The driver alone submits: it makes the passes of `halfprice collect`, or leaves them to
the function of `halfprice deploy` with --no-submit. So a task that Spark repeats, or runs twice at once, pays nothing twice.

    halfprice run 's3://lake/reviews/**/*.parquet' prompt.md --part-files 20 --workers 0 --detach --yes --workspace s3://bucket/ws
    spark-submit --archives halfprice.tar.gz#halfprice halfprice_spark.py RUN --workspace s3://bucket/ws
"""
import argparse
import json
import os
import subprocess
import tempfile
import time

from pyspark import SparkFiles
from pyspark.sql import SparkSession

ARCHIVE = "halfprice"
# Exit codes of halfprice: more rows than allowed have no answer; still running.
MISSING, STILL_RUNNING = 4, 5


def find_archive():
    """The unpacked archive: in the working folder (YARN, Kubernetes), or among Spark's files (standalone)."""
    for place in (ARCHIVE, SparkFiles.get(ARCHIVE)):
        if os.path.isfile(os.path.join(place, "bin", "node")):
            return os.path.abspath(place)
    raise RuntimeError(f"there is no {ARCHIVE}/bin/node: give spark-submit --archives halfprice.tar.gz#{ARCHIVE}")


def halfprice(words, allowed=(0,)):
    """Runs a command of halfprice and returns its exit code and its JSON; whatever else goes wrong fails the task, which Spark repeats."""
    home = find_archive()
    copies = os.path.join(tempfile.gettempdir(), "halfprice-copies")
    command = [os.path.join(home, "bin", "node"), os.path.join(home, "halfprice.js"), *words, "--json", "--quiet"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={"HALFPRICE_COPIES": copies, "HOME": copies, **os.environ}
    )
    if done.returncode not in allowed:
        raise RuntimeError(f"halfprice {' '.join(words)} ended with {done.returncode}: {done.stderr[-4000:]}")
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="the id or name of a run in parts")
    parser.add_argument("--no-submit", action="store_true", help="somebody else makes the passes: halfprice deploy")
    parser.add_argument("--poll-seconds", type=float, default=30.0, help="how long to wait where there is nothing to do")
    arguments, place = parser.parse_known_args()  # --workspace, --region, --endpoint-url … go to every command

    spark = SparkSession.builder.appName(f"halfprice {arguments.run}").getOrCreate()
    context = spark.sparkContext

    def work(task):
        step, part = task
        # Another executor may have done it since, or may be at it: what is joined too early waits for the next round.
        halfprice(["part", step, arguments.run, str(part), *place], allowed=(0, STILL_RUNNING))

    while True:
        if not arguments.no_submit:
            collect = ["collect", arguments.run, "--workers", "0", *place]
            halfprice(collect, allowed=(0, MISSING, STILL_RUNNING))
        _, state = halfprice(["parts", arguments.run, *place])
        if all(part["step"] == "done" for part in state["parts"]):
            break
        tasks = [(part["step"], part["part"]) for part in state["parts"] if part["step"] in ("prepare", "join")]
        if tasks:
            context.parallelize(tasks, len(tasks)).foreach(work)
        else:
            time.sleep(arguments.poll_seconds)

    if not arguments.no_submit:
        halfprice(["collect", arguments.run, "--workers", "0", *place], allowed=(0, MISSING))
    print(f"halfprice: {len(state['parts'])} parts of {state['runId']} are joined")
    spark.stop()


if __name__ == "__main__":
    main()
