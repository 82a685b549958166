# The article's way back: json.loads every line, a data frame, merge, to_csv.
import glob, json, sys, time
started = time.time()
import pandas as pd

table, outputs, target = sys.argv[1:4]
rows = []
for name in glob.glob(outputs + "/*.out"):
    with open(name) as lines:
        for line in lines:
            record = json.loads(line)
            output = record.get("modelOutput")
            rows.append((record["row"], output["content"][0]["text"] if output else None,
                         output["usage"]["input_tokens"] if output else None, record.get("error", {}).get("errorMessage")))
answers = pd.DataFrame(rows, columns=["row", "answer", "input_tokens", "error"])
frame = pd.read_csv(table, dtype=str, keep_default_na=False)
frame.merge(answers, how="left", left_index=True, right_on="row").to_csv(target, index=False)
print(json.dumps({"seconds": time.time() - started, "rssMb": int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024}))
