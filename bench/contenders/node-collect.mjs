// The plain way back in Node: JSON.parse every line into a Map, read the table again, write a CSV. (Parquet would cost more.)

import { once } from "node:events";
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import Papa from "papaparse";
import { finish } from "../measure.mjs";

const [table, outputs, target] = process.argv.slice(2);
const answers = new Map();
for (const name of readdirSync(outputs).filter((each) => each.endsWith(".out"))) {
  for await (const line of createInterface({ input: createReadStream(join(outputs, name)) })) {
    const { recordId, modelOutput, error, row } = JSON.parse(line);
    answers.set(row, [
      modelOutput?.content[0].text ?? "",
      modelOutput?.usage.input_tokens ?? "",
      error?.errorMessage ?? "",
      recordId,
    ]);
  }
}
const out = createWriteStream(target, { highWaterMark: 4 * 1024 * 1024 });
const quote = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
let count = 0;
let chunk = "";
for await (const { id, context, response } of createReadStream(table).pipe(
  Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }),
)) {
  chunk += `${[id, context, response, ...(answers.get(count) ?? [])].map(quote).join(",")}\n`;
  count += 1;
  if (chunk.length > 1_000_000) {
    if (!out.write(chunk)) await once(out, "drain");
    chunk = "";
  }
}
out.end(chunk);
await finished(out);
finish({ records: count });
