// A seeded table: an id and texts of a given length with quotes, commas, line breaks and letters of other alphabets.
import { closeSync, openSync, writeSync } from "node:fs";

const words = [
  ..."the customer wrote that delivery was late and nobody answered when she called again on Monday about".split(" "),
  ..."card payment refund account balance transfer fee exchange rate top-up identity verification limit".split(" "),
  ...[
    "straße",
    "naïve",
    "année",
    "Ελλάδα",
    "заказ",
    "配達",
    "遅延",
    "注文番号",
    "مشكلة",
    "😀",
    "👍🏽",
    '"urgent"',
    "it's",
    "50 %",
    "a,b",
    "c;d",
  ],
];

/** A small fast generator (mulberry32): the same seed gives the same table on every machine. */
export function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function makeText(random, bytes) {
  let text = "";
  let size = 0;
  while (size < bytes) {
    const word = words[Math.floor(random() * words.length)];
    const gap = random() < 0.02 ? "\n" : " ";
    text += word + gap;
    size += Buffer.byteLength(word) + 1;
  }
  return text.trimEnd();
}

/** Writes `rowCount` rows of about `rowBytes` bytes as CSV: columns id, context, response. */
export function makeTable(path, rowCount, rowBytes, seed = 1) {
  const random = makeRandom(seed);
  const file = openSync(path, "w");
  const quote = (cell) => `"${cell.replaceAll('"', '""')}"`;
  // Texts are drawn from a pool with a number in front: every row is distinct, and making the table does not take longer
  // than what is measured.
  const pool = Array.from({ length: 2000 }, () => [
    makeText(random, rowBytes / 3),
    makeText(random, (rowBytes * 2) / 3),
  ]);
  let chunk = "id,context,response\n";
  for (let row = 0; row < rowCount; row += 1) {
    const [context, response] = pool[Math.floor(random() * pool.length)];
    chunk += `${row},${quote(`${row} ${context}`)},${quote(response)}\n`;
    if (chunk.length > 4_000_000) {
      writeSync(file, chunk);
      chunk = "";
    }
  }
  writeSync(file, chunk);
  closeSync(file);
}
