// The plain way in Node: a CSV reader, JSON.stringify, one file. No names by content, nothing made distinct.

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { parse } from "csv-parse";
import Papa from "papaparse";
import { finish } from "../measure.mjs";

const [table, target, reader] = process.argv.slice(2);
const out = createWriteStream(target, { highWaterMark: 4 * 1024 * 1024 });
let count = 0;
let chunk = "";
const take = ({ context, response }) => {
  const text = `Context: ${context}\nResponse: ${response}`;
  const modelInput = {
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 100,
    messages: [{ role: "user", content: [{ type: "text", text }] }],
  };
  chunk += `${JSON.stringify({ recordId: `REC${String(count).padStart(9, "0")}`, modelInput })}\n`;
  count += 1;
};
const flush = () => {
  const full = out.write(chunk) === false;
  chunk = "";
  return full ? once(out, "drain") : undefined;
};
const source = createReadStream(table, { highWaterMark: 1024 * 1024 });
if (reader === "papaparse") {
  const stream = source.pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }));
  for await (const row of stream) {
    take(row);
    if (chunk.length > 1_000_000) await flush();
  }
} else {
  const parser = source.pipe(parse({ columns: true }));
  parser.on("data", (row) => {
    take(row);
    if (chunk.length > 1_000_000) void flush();
  });
  await once(parser, "end");
}
await flush();
out.end();
await finished(out);
finish({ records: count });
