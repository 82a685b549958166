// Makes the tables of recipes/ from the data sets that they come from: run once, its output is committed.
//   node scripts/make-recipe-data.mjs <folder with banking77-train.csv, qmsum-val.jsonl, wnut17-train.conll, qmsum-LICENSE>
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node scripts/make-recipe-data.mjs <folder with the data sets>");
  process.exit(2);
}
const recipes = fileURLToPath(new URL("../recipes/", import.meta.url));
const read = (name) => readFileSync(join(source, name), "utf8");
const quote = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function write(name, columns, rows) {
  const text = [columns, ...rows].map((cells) => `${cells.map((cell) => quote(String(cell))).join(",")}\n`).join("");
  writeFileSync(join(recipes, name), text);
  console.error(`${name}: ${rows.length} rows, ${Buffer.byteLength(text)} bytes`);
}

/** So many rows, spread over the whole, so that every label is met. */
const spread = (rows, count) => Array.from({ length: count }, (_, at) => rows[Math.floor((at * rows.length) / count)]);

const messages = parse(read("banking77-train.csv"), { columns: true });
const clean = (text) => text.replace(/\s+/g, " ").trim();
write(
  "classify/messages.csv",
  ["text", "category"],
  spread(messages, 308).map(({ text, category }) => [clean(text), category]),
);
write(
  "embed/messages.csv",
  ["id", "text"],
  spread(messages, 250).map(({ text }, at) => [at + 1, clean(text)]),
);
write(
  "cheaper/messages.csv",
  ["text", "category"],
  spread(messages, 2700).map(({ text, category }) => [clean(text), category]),
);

const tweets = read("wnut17-train.conll")
  .split(/\n\s*\n/)
  .map((block) =>
    block
      .split("\n")
      .map((line) => line.split("\t"))
      .filter(([token, tag]) => token !== "" && tag),
  )
  .filter((tokens) => tokens.length > 4);

function entitiesOf(tokens) {
  const found = [];
  for (const [token, tag] of tokens) {
    if (tag.startsWith("B-")) found.push({ text: token, type: tag.slice(2) });
    else if (tag.startsWith("I-") && found.length > 0) found[found.length - 1].text += ` ${token}`;
  }
  return found;
}
const tagged = tweets.filter((tokens) => tokens.some(([, tag]) => tag.startsWith("B-")));
write(
  "extract/texts.csv",
  ["id", "text", "labelled"],
  spread(tagged, 300).map((tokens, at) => [
    at + 1,
    tokens.map(([token]) => token).join(" "),
    JSON.stringify(entitiesOf(tokens)),
  ]),
);

const meetings = read("qmsum-val.jsonl")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const tidy = (text) =>
  text
    .replace(/\{[a-z]+\}/g, "")
    .replace(/\s+([.,?!'])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
const maxLetters = 2000;

/** The turns of the first span that a question or topic points to, as far as they fit. */
function passageOf({ meeting_transcripts: turns }, [[from, to] = [0, 0]]) {
  let passage = "";
  for (const { speaker, content } of turns.slice(Number(from), Number(to) + 1)) {
    const turn = `${speaker}: ${tidy(content)}\n`;
    if (passage.length + turn.length > maxLetters) break;
    passage += turn;
  }
  return passage.trim();
}
const questions = meetings.flatMap((meeting, at) =>
  meeting.specific_query_list.map(({ query, answer, relevant_text_span: span }) => [
    `meeting ${at + 1}`,
    tidy(query),
    passageOf(meeting, span),
    tidy(answer),
  ]),
);
const long = (passage) => passage.length > 400;
write(
  "summarize/passages.csv",
  ["meeting", "question", "passage", "reference"],
  spread(
    questions.filter(([, , passage]) => long(passage)),
    120,
  ),
);
const topics = meetings.flatMap((meeting, at) =>
  meeting.topic_list.map(({ topic, relevant_text_span: span }) => [
    `meeting ${at + 1}`,
    tidy(topic),
    passageOf(meeting, span),
  ]),
);
write(
  "analyze/conversations.csv",
  ["meeting", "topic", "conversation"],
  spread(
    topics.filter(([, , conversation]) => long(conversation)),
    120,
  ),
);
for (const name of ["summarize", "analyze"])
  copyFileSync(join(source, "qmsum-LICENSE"), join(recipes, name, "DATA-LICENSE"));
