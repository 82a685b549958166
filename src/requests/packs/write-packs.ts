import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { linesOf, quoteText, writeOptions } from "../../engine/sql.ts";
import { commitFile } from "../../foundation/commit-file.ts";
import type { RecordBlock, RunPack } from "../../foundation/types/index.ts";
import { inputBodySql, inputIdSql, inputLineSql } from "../../lines/line-format.ts";
import { findTokenRule } from "../../models/rules/token-rules.ts";
import { bodySql, frameOf, type RequestShape, requestHead } from "../body-sql.ts";
import { estimateTokens, tokensOfLength } from "../estimate-tokens.ts";
import { findBlockSize, type SentRecords, sentSql } from "../measure-sent.ts";
import { recordFiles } from "../record-files.ts";
import { makeKey, makePackHead, makePackTail, toPackShape } from "./pack-request.ts";

/** What is packed. */
export interface PackSource {
  readonly engine: Engine;
  /** Of the rows, asked alone. */
  readonly shape: RequestShape;
  readonly pack: RunPack;
  /** The run's directory. */
  readonly directory: string;
  /** Records that are sent: the first so many lines of the file. */
  readonly recordCount: number;
  /** A relation with the record_id of what is not sent. */
  readonly unsent: string | undefined;
  /** Tokens of prompt and answer together that the model reads, where known. */
  readonly contextTokens: number | undefined;
}

/** Rows of so many bytes share a request at most: far below what a model reads, and below where the price of long prompts begins. */
const mostBytes = 128 * 1024;
/** Fewer bytes than this a token has never. */
const leastBytesPerToken = 2;
const writtenBytes = 4 * 1024 * 1024;

/**
 * Writes the requests of a packed run: `packs.jsonl`, whose bytes are uploaded, and `packs.parquet`, which says which rows are in which.
 * What a run asks row by row after all (`rowsPerRequest` 1) becomes the lines that an unpacked run would have sent.
 * @returns what is sent: requests instead of records
 */
export async function writePacks(source: PackSource): Promise<SentRecords> {
  return source.pack.rowsPerRequest === 1 ? writeSingles(source) : writeShared(source);
}

/** The rows that are sent, in their order: record_id, item, row. */
function itemsSql({ directory, recordCount, unsent }: PackSource, item: string): string {
  const lines = linesOf([join(directory, recordFiles.lines)]);
  return `
    SELECT l.record_id, l.item, s.row
    FROM (SELECT ${inputIdSql()} AS record_id, ${item} AS item FROM ${lines} LIMIT ${recordCount}) l
    POSITIONAL JOIN (SELECT row FROM (${sentSql(directory, unsent)}) ORDER BY row) s`;
}

async function writeSingles(source: PackSource): Promise<SentRecords> {
  const { engine, shape, directory, recordCount } = source;
  const path = join(directory, recordFiles.packLines);
  const line = inputLineSql("record_id", bodySql(shape).ofLine("item"));
  await engine.run(
    `COPY (SELECT ${line} AS line FROM (${itemsSql(source, inputBodySql())})) TO ${quoteText(`${path}.tmp`)} (${writeOptions.lines})`,
  );
  commitFile(path);
  const blocks = new BlockCounter(recordCount);
  const rows = engine.chunks(`
    SELECT s.row, l.bytes, l.letters FROM (SELECT strlen(line) + 1 AS bytes, length(line) AS letters FROM ${linesOf([path])}) l
    POSITIONAL JOIN (SELECT row FROM (${sentSql(directory, source.unsent)}) ORDER BY row) s`);
  const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
  const around = bodySql(shape).around.length + inputLineSql.length;
  const fixed = estimateTokens(bodySql(shape).fixedText, lettersPerToken) + frameTokens.expected;
  for await (const [froms = [], sizes = [], letters = []] of rows) {
    for (const [at, row] of froms.entries()) {
      const [bytes, length] = [Number(sizes[at]), Number(letters[at])];
      const tokens = tokensOfLength(bytes - around, length - around, lettersPerToken) + fixed;
      blocks.add(Number(row), bytes, tokens);
    }
  }
  return blocks.finish();
}

async function writeShared(source: PackSource): Promise<SentRecords> {
  const { engine, pack, directory, shape } = source;
  const packShape = toPackShape(shape, pack);
  const escape = shape.family.escapeText ?? ((text: string) => text);
  const encoded = (text: string): string => `to_json(${escape(text)})::VARCHAR`;
  const bare = (text: string): string => `substring(${encoded(text)}, 2, length(${encoded(text)}) - 2)`;
  const [words = {}] = await engine.rows(
    `SELECT ${bare(quoteText(makePackHead(pack)))} AS head, ${bare(quoteText(makePackTail(pack)))} AS tail`,
  );
  const writer = new PackWriter(source, packShape, String(words["head"]), String(words["tail"]));
  try {
    const rows = engine.chunks(itemsSql(source, bare(inputBodySql())));
    for await (const [ids = [], items = [], froms = []] of rows) {
      for (const [at, id] of ids.entries()) writer.add(String(id), String(items[at]), Number(froms[at]));
    }
    writer.end();
  } finally {
    writer.close();
  }
  commitFile(join(directory, recordFiles.packLines));
  const path = join(directory, recordFiles.packs);
  const columns = "{'pack_id': 'VARCHAR', 'from_row': 'BIGINT', 'record_ids': 'VARCHAR', 'weights': 'VARCHAR'}";
  await engine.run(`
    COPY (SELECT * FROM read_csv(${quoteText(writer.scratch)}, columns = ${columns}, header = false, delim = ',', quote = '', escape = '', auto_detect = false, max_line_size = 2097152))
    TO ${quoteText(`${path}.tmp`)} (${writeOptions.parquet})`);
  rmSync(writer.scratch);
  commitFile(path);
  return writer.blocks.finish();
}

/** Gathers rows until a request is full, and writes it. Texts come in as JSON has them, without quotes. */
class PackWriter {
  readonly blocks: BlockCounter;
  readonly scratch: string;
  readonly #pack: RunPack;
  readonly #frame: { readonly before: string; readonly after: string };
  readonly #idHead: string;
  readonly #most: number;
  readonly #tokensOf: (text: string, bytes: number) => number;
  readonly #lines: number;
  readonly #members: number;
  #linesText = "";
  #membersText = "";
  #ids: string[] = [];
  #items: string[] = [];
  #bytes = 0;
  #fromRow = 0;

  constructor(
    { directory, pack, recordCount, contextTokens }: PackSource,
    shape: RequestShape,
    head: string,
    tail: string,
  ) {
    this.blocks = new BlockCounter(Math.ceil(recordCount / pack.rowsPerRequest));
    this.scratch = join(directory, `${recordFiles.packs}.csv`);
    this.#pack = pack;
    const { before, after, isQuoted } = frameOf(shape);
    const quote = isQuoted ? '"' : "";
    this.#frame = { before: `${before}${quote}${head}`, after: `${tail}${quote}${after}` };
    this.#idHead = requestHead(shape);
    const room =
      contextTokens === undefined ? mostBytes : Math.max(0, contextTokens - pack.maxTokens) * leastBytesPerToken;
    this.#most = Math.min(mostBytes, room);
    const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
    const fixed = estimateTokens(`${bodySql(shape).fixedText}${head}${tail}`, lettersPerToken) + frameTokens.expected;
    this.#tokensOf = (text, bytes) => tokensOfLength(bytes, text.length, lettersPerToken) + fixed;
    this.#lines = openSync(join(directory, `${recordFiles.packLines}.tmp`), "w", 0o600);
    this.#members = openSync(this.scratch, "w", 0o600);
  }

  add(id: string, item: string, row: number): void {
    const bytes = Buffer.byteLength(item);
    const isFull =
      this.#ids.length === this.#pack.rowsPerRequest || (this.#ids.length > 0 && this.#bytes + bytes > this.#most);
    if (isFull) this.#flush();
    if (this.#ids.length === 0) this.#fromRow = row;
    // The item's own opening brace is taken off: its key comes first.
    const key = makeKey(id, this.#ids.length);
    this.#items.push(`{\\"${this.#pack.keyName}\\":\\"${key}\\",${item.slice(1)}`);
    this.#ids.push(id);
    this.#bytes += bytes;
  }

  end(): void {
    if (this.#ids.length > 0) this.#flush();
    this.#write(0);
  }

  close(): void {
    closeSync(this.#lines);
    closeSync(this.#members);
  }

  #flush(): void {
    const text = this.#items.join("\\n");
    const body = `${this.#frame.before}${text}${this.#frame.after}`;
    const id = createHash("md5").update(this.#idHead).update(body).digest("hex");
    const line = `{"recordId":"${id}","modelInput":${body}}\n`;
    this.#linesText += line;
    const weights = this.#items.map(({ length }) => length).join(" ");
    this.#membersText += `${id},${this.#fromRow},${this.#ids.join(" ")},${weights}\n`;
    this.blocks.add(this.#fromRow, Buffer.byteLength(line), this.#tokensOf(text, this.#bytes));
    this.#ids = [];
    this.#items = [];
    this.#bytes = 0;
    this.#write(writtenBytes);
  }

  #write(from: number): void {
    if (this.#linesText.length >= from) {
      writeSync(this.#lines, this.#linesText);
      this.#linesText = "";
    }
    if (this.#membersText.length >= from) {
      writeSync(this.#members, this.#membersText);
      this.#membersText = "";
    }
  }
}

/** Counts what is sent, and cuts it into blocks. */
class BlockCounter {
  readonly #blocks: RecordBlock[] = [];
  readonly #size: number;
  #last = { fromRow: 0, recordCount: 0, sizeBytes: 0 };
  #sum = { records: 0, bytes: 0, longest: 0, longestRow: 0, tokens: 0 };

  /** @param expected how many are added, at about */
  constructor(expected: number) {
    this.#size = findBlockSize(Math.max(1, expected));
  }

  add(row: number, bytes: number, tokens: number): void {
    if (this.#last.recordCount === this.#size) this.#close();
    if (this.#last.recordCount === 0) this.#last.fromRow = row;
    this.#last.recordCount += 1;
    this.#last.sizeBytes += bytes;
    this.#sum.records += 1;
    this.#sum.bytes += bytes;
    this.#sum.tokens += tokens;
    if (bytes <= this.#sum.longest) return;
    this.#sum.longest = bytes;
    this.#sum.longestRow = row;
  }

  #close(): void {
    this.#blocks.push({ ...this.#last });
    this.#last = { fromRow: 0, recordCount: 0, sizeBytes: 0 };
  }

  finish(): SentRecords {
    if (this.#last.recordCount > 0) this.#close();
    const { records, bytes, longest, longestRow, tokens } = this.#sum;
    return {
      ...{ recordCount: records, sizeBytes: bytes, maxLineBytes: longest, longestRow },
      ...{ inputTokens: tokens, blocks: this.#blocks },
    };
  }
}
