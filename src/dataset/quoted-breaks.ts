/** The bytes that stand for line breaks inside quoted cells: control characters that the file itself does not have. */
export interface BreakMarks {
  readonly lineFeed: number;
  readonly carriageReturn: number;
}

/** Pairs to choose from, the first that a file does not have. Tab, line feed and carriage return are no candidates. */
export const breakMarks: readonly BreakMarks[] = [
  { lineFeed: 0x01, carriageReturn: 0x02 },
  { lineFeed: 0x03, carriageReturn: 0x04 },
  { lineFeed: 0x05, carriageReturn: 0x06 },
  { lineFeed: 0x0e, carriageReturn: 0x0f },
  { lineFeed: 0x1c, carriageReturn: 0x1d },
  { lineFeed: 0x1e, carriageReturn: 0x1f },
];

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Replaces the line breaks inside quoted cells of a CSV, byte for byte, as it goes by.
 *
 * The engine reads a CSV with several threads from several places and has to guess whether a place is inside a quoted
 * cell. Where a cell holds line breaks and delimiters the guess can fail (it then refuses the file), and reading with one
 * thread holds the whole file in memory (seen with 1.5.5: 1 GB for a file of 0.6 GB). Without breaks inside cells every line
 * is a row, and nothing has to be guessed.
 */
export class QuotedBreaks {
  readonly #delimiter: number;
  readonly #marks: BreakMarks;
  readonly #quote: number;
  #quoted = false;
  /** The chunk before ended with a quote inside a quoted cell: the next byte tells whether it closed the cell. */
  #pending = false;
  #lastByte: number = lineFeed;
  /** Breaks that were replaced. */
  feedCount = 0;
  returnCount = 0;
  /** The file has a mark of its own: another pair has to be taken. */
  collides = false;

  constructor(delimiter: string, marks: BreakMarks, quote = '"') {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#marks = marks;
    this.#quote = quote.charCodeAt(0);
  }

  /** Looks at the next bytes, and changes them in place. */
  mark(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const quote = this.#quote;
    if (chunk.includes(this.#marks.lineFeed) || chunk.includes(this.#marks.carriageReturn)) this.collides = true;
    let at = 0;
    if (this.#pending) {
      this.#pending = false;
      if (chunk[0] === quote) at = 1;
      else this.#quoted = false;
    }
    const breaks = new BreakFinder(chunk);
    while (at < chunk.length) {
      const found = chunk.indexOf(quote, at);
      if (!this.#quoted) {
        if (found === -1) break;
        const before = found === 0 ? this.#lastByte : chunk[found - 1];
        // A quote inside an unquoted cell is a letter like others.
        this.#quoted = before === this.#delimiter || before === lineFeed || before === carriageReturn;
        at = found + 1;
        continue;
      }
      const end = found === -1 ? chunk.length : found;
      const replaced = breaks.replace(at, end, this.#marks);
      this.feedCount += replaced.feeds;
      this.returnCount += replaced.returns;
      if (found === -1) break;
      if (found === chunk.length - 1) {
        this.#pending = true;
        break;
      }
      const isEscape = chunk[found + 1] === quote;
      if (!isEscape) this.#quoted = false;
      at = found + (isEscape ? 2 : 1);
    }
    this.#lastByte = chunk[chunk.length - 1] ?? lineFeed;
  }
}

/** Finds the breaks of a chunk in order; each byte is looked at once, however many cells there are. */
class BreakFinder {
  readonly #chunk: Buffer;
  #nextFeed = -2;
  #nextReturn = -2;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  replace(from: number, to: number, marks: BreakMarks): { feeds: number; returns: number } {
    let feeds = 0;
    let returns = 0;
    if (this.#nextFeed !== -1 && this.#nextFeed < from) this.#nextFeed = this.#chunk.indexOf(lineFeed, from);
    while (this.#nextFeed !== -1 && this.#nextFeed < to) {
      this.#chunk[this.#nextFeed] = marks.lineFeed;
      feeds += 1;
      this.#nextFeed = this.#chunk.indexOf(lineFeed, this.#nextFeed + 1);
    }
    if (this.#nextReturn !== -1 && this.#nextReturn < from)
      this.#nextReturn = this.#chunk.indexOf(carriageReturn, from);
    while (this.#nextReturn !== -1 && this.#nextReturn < to) {
      this.#chunk[this.#nextReturn] = marks.carriageReturn;
      returns += 1;
      this.#nextReturn = this.#chunk.indexOf(carriageReturn, this.#nextReturn + 1);
    }
    return { feeds, returns };
  }
}
