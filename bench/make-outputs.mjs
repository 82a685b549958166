// Output files as the service would write them for the records of a run: shuffled, one in a hundred with an error. `row` is for
// the peers, who have no names by content to join on.
import { closeSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeRandom } from "./make-table.mjs";

export function makeOutputs(directory, outputs, shards, reading) {
  const random = makeRandom(7);
  const source = openSync(join(directory, "records.jsonl"), "r");
  let row = 0;
  for (const shard of shards) {
    // One shard at a time: all lines of ten million rows are more than a buffer holds.
    const lines = Buffer.alloc(shard.sizeBytes);
    readSync(source, lines, 0, shard.sizeBytes, shard.fromByte);
    let at = 0;
    const made = [];
    for (let count = 0; count < shard.recordCount; count += 1) {
      const end = lines.indexOf(10, at);
      const line = lines.toString("utf8", at, end);
      at = end + 1;
      const recordId = line.slice(13, 45);
      const modelInput = line.slice(line.indexOf('"modelInput":') + 13, -1);
      const words = Array.from({ length: 20 }, () => Math.floor(random() * 1e6).toString(36)).join(" ");
      const answer =
        random() < 0.01
          ? '"error":{"errorCode":400,"errorMessage":"bad request"}'
          : `"modelOutput":${JSON.stringify({ model: "claude-haiku-4-5-20251001", id: "msg_bdrk_01", type: "message", role: "assistant", content: [{ type: "text", text: `answer ${row}: ${words}` }], stop_reason: "end_turn", stop_sequence: null, usage: { input_tokens: 150 + (row % 50), output_tokens: 40 } })}`;
      made.push(`{"modelInput":${modelInput},${answer},"recordId":"${recordId}","row":${row}}\n`);
      row += 1;
    }
    for (let index = made.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [made[index], made[other]] = [made[other], made[index]];
    }
    const file = openSync(join(outputs, `shard-${shard.index}.jsonl.out`), "w");
    for (let from = 0; from < made.length; from += 1000) writeSync(file, made.slice(from, from + 1000).join(""));
    closeSync(file);
  }
  closeSync(source);
  writeFileSync(join(outputs, "shards.json"), JSON.stringify({ shards, reading }));
}
