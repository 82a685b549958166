# The article's way: pandas, a loop over the rows, json.dumps.
import json, sys, time
started = time.time()
import pandas as pd

table, target = sys.argv[1:3]
frame = pd.read_csv(table, dtype=str, keep_default_na=False)
with open(target, "w") as out:
    for index, row in frame.iterrows():
        text = f"Context: {row['context']}\nResponse: {row['response']}"
        body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100,
                "messages": [{"role": "user", "content": [{"type": "text", "text": text}]}]}
        out.write(json.dumps({"recordId": f"REC{index:09d}", "modelInput": body}) + "\n")
print(json.dumps({"seconds": time.time() - started, "rssMb": int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024}))
