import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import type { Cell, Engine } from "../../engine/engine.ts";
import { linesOf, quoteText, writeOptions } from "../../engine/sql.ts";
import { commitFile } from "../../foundation/commit-file.ts";
import type { RunPack } from "../../foundation/types/index.ts";
import { inputBodySql, inputIdSql, inputLineSql, readInputBody, readInputId } from "../../lines/line-format.ts";
import { readManyLines } from "../../lines/read-lines.ts";
import { findTokenRule, leastBytesPerToken } from "../../models/rules/token-rules.ts";
import { type BodyFrame, bodySql, frameOf, type RequestShape, requestHead } from "../body-sql.ts";
import { estimateTokens, tokensOfLength } from "../estimate-tokens.ts";
import { type SentRecords, sentSql } from "../measure-sent.ts";
import { recordFiles } from "../record-files.ts";
import { BlockCounter } from "./block-counter.ts";
import { LineWriter, lineFrameLength } from "./line-writer.ts";
import { makeKey, makePackHead, makePackTail, toPackShape } from "./pack-request.ts";

/** What is packed. */
export interface PackSource {
  readonly engine: Engine;
  /** Of the rows, asked alone. */
  readonly shape: RequestShape;
  readonly pack: RunPack;
  /** The run's directory. */
  readonly directory: string;
  /** Records that are sent: that many lines from the top of the file. */
  readonly recordCount: number;
  /** Rows of the whole table. */
  readonly rowCount: number;
  /** A relation with the record_id of what is not sent. */
  readonly unsent: string | undefined;
  /** Tokens of prompt and answer together that the model reads, where known. */
  readonly contextTokens: number | undefined;
}

/** The most bytes of rows in one request: far below what a model reads, and below where the price of long prompts begins. */
const mostBytes = 128 * 1024;
const readBytes = 4 * 1024 * 1024;

/**
 * Writes the requests of a packed run: `packs.jsonl`, whose bytes are uploaded, and `packs.parquet`, which says which rows are in which.
 * What a run asks row by row after all (`rowsPerRequest` 1) becomes the lines that an unpacked run would have sent.
 * @returns what is sent: requests instead of records
 */
export async function writePacks(source: PackSource): Promise<SentRecords> {
  return source.pack.rowsPerRequest === 1 ? writeSingles(source) : writeShared(source);
}

async function writeSingles(source: PackSource): Promise<SentRecords> {
  const { engine, shape, directory, recordCount } = source;
  const path = join(directory, recordFiles.packLines);
  const line = inputLineSql(inputIdSql(), bodySql(shape).ofLine(inputBodySql()));
  const items = `SELECT line FROM ${linesOf([join(directory, recordFiles.lines)])} LIMIT ${recordCount}`;
  await engine.run(
    `COPY (SELECT ${line} AS line FROM (${items})) TO ${quoteText(`${path}.tmp`)} (${writeOptions.lines})`,
  );
  commitFile(path);
  const blocks = new BlockCounter(recordCount);
  const rows = engine.chunks(`
    SELECT s.row, l.bytes, l.letters FROM (SELECT strlen(line) + 1 AS bytes, length(line) AS letters FROM ${linesOf([path])}) l
    POSITIONAL JOIN (SELECT row FROM (${sentSql(directory, source.unsent)}) ORDER BY row) s`);
  const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
  const around = bodySql(shape).around.length + lineFrameLength;
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
  const { engine, directory } = source;
  const writer = new PackWriter(source);
  try {
    await writer.addAll(readRows(source));
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

/** The numbers of the rows that are sent, ascending; undefined where all rows are. */
function readRows({
  engine,
  directory,
  recordCount,
  rowCount,
  unsent,
}: PackSource): AsyncIterator<Cell[][]> | undefined {
  if (recordCount === rowCount) return undefined;
  const rows = engine.chunks(`SELECT row FROM (${sentSql(directory, unsent)}) ORDER BY row`);
  return rows[Symbol.asyncIterator]();
}

/** Gathers rows until a request is full, and writes it. */
class PackWriter {
  readonly blocks: BlockCounter;
  readonly scratch: string;
  readonly #source: PackSource;
  readonly #frame: BodyFrame;
  readonly #words: { readonly head: string; readonly tail: string };
  readonly #idHead: string;
  readonly #most: number;
  readonly #tokensOf: (bytes: number, letters: number) => number;
  readonly #lines: LineWriter;
  readonly #members: LineWriter;
  #ids: string[] = [];
  #items: string[] = [];
  #bytes = 0;
  #letters = 0;
  #fromRow = 0;

  constructor(source: PackSource) {
    const { directory, pack, recordCount, contextTokens, shape } = source;
    const packShape = toPackShape(shape, pack);
    this.#source = source;
    this.blocks = new BlockCounter(Math.ceil(recordCount / pack.rowsPerRequest));
    this.scratch = join(directory, `${recordFiles.packs}.csv`);
    this.#frame = frameOf(packShape);
    this.#words = { head: makePackHead(pack), tail: makePackTail(pack) };
    this.#idHead = requestHead(packShape);
    const room =
      contextTokens === undefined ? mostBytes : Math.max(0, contextTokens - pack.maxTokens) * leastBytesPerToken;
    this.#most = Math.min(mostBytes, room);
    const { lettersPerToken, frameTokens } = findTokenRule(shape.baseId);
    const { head, tail } = this.#words;
    const fixed =
      estimateTokens(`${bodySql(packShape).fixedText}${head}${tail}`, lettersPerToken) + frameTokens.expected;
    this.#tokensOf = (bytes, letters) => tokensOfLength(bytes, letters, lettersPerToken) + fixed;
    this.#lines = new LineWriter(join(directory, `${recordFiles.packLines}.tmp`));
    this.#members = new LineWriter(this.scratch);
  }

  /** Adds the rows of the run's file that are sent: its first lines. @param rows their numbers; counted from 0 where undefined */
  async addAll(rows: AsyncIterator<Cell[][]> | undefined): Promise<void> {
    const { directory, recordCount } = this.#source;
    const input = createReadStream(join(directory, recordFiles.lines), {
      encoding: "utf8",
      highWaterMark: readBytes,
    });
    let count = 0;
    let numbers: readonly Cell[] = [];
    let at = 0;
    for await (const lines of readManyLines(input as AsyncIterable<string>)) {
      for (const line of lines) {
        if (count === recordCount) break;
        if (rows !== undefined && at === numbers.length) {
          numbers = ((await rows.next()) as IteratorYieldResult<Cell[][]>).value[0] ?? [];
          at = 0;
        }
        this.#add(readInputId(line), readInputBody(line), rows === undefined ? count : Number(numbers[at]));
        at += 1;
        count += 1;
      }
      if (count === recordCount) break;
    }
    input.destroy();
    if (this.#ids.length > 0) this.#flush();
  }

  close(): void {
    this.#lines.close();
    this.#members.close();
  }

  #add(id: string, item: string, row: number): void {
    const bytes = Buffer.byteLength(item);
    const { pack } = this.#source;
    if (this.#ids.length === pack.rowsPerRequest || (this.#ids.length > 0 && this.#bytes + bytes > this.#most))
      this.#flush();
    if (this.#ids.length === 0) this.#fromRow = row;
    // The item's own opening brace is taken off: its key comes first.
    this.#items.push(`{"${pack.keyName}":"${makeKey(id, this.#ids.length)}",${item.slice(1)}`);
    this.#ids.push(id);
    this.#bytes += bytes;
    this.#letters += item.length;
  }

  #flush(): void {
    const { before, after, isQuoted } = this.#frame;
    const text = JSON.stringify(`${this.#words.head}${this.#items.join("\n")}${this.#words.tail}`);
    const body = `${before}${isQuoted ? text : text.slice(1, -1)}${after}`;
    const { id, sizeBytes } = this.#lines.add(body, this.#idHead);
    const weights = this.#items.map(({ length }) => length).join(" ");
    this.#members.addText(`${id},${this.#fromRow},${this.#ids.join(" ")},${weights}\n`);
    this.blocks.add(this.#fromRow, sizeBytes, this.#tokensOf(this.#bytes, this.#letters));
    this.#ids = [];
    this.#items = [];
    this.#bytes = 0;
    this.#letters = 0;
  }
}
