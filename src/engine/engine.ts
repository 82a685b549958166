import { createRequire } from "node:module";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";

import { explainDamage } from "./damaged-parquet.ts";
import { quoteText } from "./sql.ts";

const require = createRequire(import.meta.url);
let loaded: typeof import("@duckdb/node-api") | undefined;
const duckdb = {
  /** Loaded with the first engine: it is the largest package of all. */
  get api() {
    loaded ??= require("@duckdb/node-api") as typeof import("@duckdb/node-api");
    return loaded;
  },
};

/**
 * What a cell is when it comes back to JavaScript: 64-bit integers and decimals become numbers, integers that no number holds exactly their
 * digits; dates and timestamps become text as ISO 8601 has it (`2026-11-30`, `2026-11-30T08:00:00.5`, with `Z` where the type has a zone).
 */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/** How an engine is opened. */
export interface EngineOptions {
  /** Where what does not fit in memory is spilled; made when needed, removed with the engine. */
  readonly tempDirectory: string;
  /** The engine's own memory, in mebibytes; the process has some more. @defaultValue 384 */
  readonly memoryLimitMib?: number;
  /** @defaultValue the machine's cores */
  readonly threads?: number;
  /** In which zone a timestamp with one is written, an IANA name: never the machine's, or the same table would differ by it. @defaultValue "UTC" */
  readonly timezone?: string;
}

/**
 * The data engine: SQL over files. Rows stay on its side; only small results, and chunks that a caller asks for, become
 * JavaScript values.
 */
export interface Engine {
  /** Runs statements for their effect. @throws DAMAGED_FILE of a Parquet file; else Error with the engine's own words */
  run(sql: string): Promise<void>;
  /** A small result, whole. */
  rows(sql: string): Promise<Record<string, Cell>[]>;
  /** A result of any size, in chunks of about two thousand rows, column by column. */
  chunks(sql: string): AsyncIterable<Cell[][]>;
  /**
   * Makes a function of SQL that takes `parameterCount` texts and gives a text or NULL. It is called on the JavaScript
   * thread for every row; what it throws fails the statement. NULL comes in as `null`.
   */
  registerTextFunction(name: string, parameterCount: number, call: (cells: (string | null)[]) => string | null): void;
  /** The same of cells of which some are bytes. They are handed over one by one; the engine has those of two thousand rows at a time. */
  registerCellFunction(
    name: string,
    parameters: readonly ("text" | "bytes")[],
    call: (cells: (string | Uint8Array | null)[]) => string | null,
  ): void;
  /** Another connection to the same engine, for a statement beside another: tables and functions are shared, temporary ones are not. */
  connect(): Promise<Engine>;
  /** Gives memory that nothing uses back to the system: between steps, so that their peaks do not add up. */
  trim(): Promise<void>;
  /** How far the running statement is, 0..1, or undefined when the engine cannot tell. */
  readonly progressRatio: number | undefined;
  close(): void;
}

/** Opens an engine of its own: nothing is shared with another, nothing is kept after `close`. */
export async function openEngine({
  tempDirectory,
  memoryLimitMib = 384,
  threads,
  timezone = "UTC",
}: EngineOptions): Promise<Engine> {
  const instance = await duckdb.api.DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryLimitMib}MiB`,
    temp_directory: tempDirectory,
    ...(threads === undefined ? {} : { threads: String(threads) }),
    // No extension is ever fetched: what is needed is built in.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run(`SET GLOBAL TimeZone = ${quoteText(timezone)}`);
  return new DuckDbEngine(instance, connection, true);
}

class DuckDbEngine implements Engine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #ownsInstance: boolean;
  /** What a text function threw: the engine passes on only the message. */
  #thrown: unknown;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, ownsInstance: boolean) {
    this.#instance = instance;
    this.#connection = connection;
    this.#ownsInstance = ownsInstance;
  }

  async run(sql: string): Promise<void> {
    this.#thrown = undefined;
    try {
      await this.#connection.run(sql);
    } catch (error) {
      throw this.#thrown ?? explainDamage(error, sql);
    }
  }

  async rows(sql: string): Promise<Record<string, Cell>[]> {
    this.#thrown = undefined;
    try {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowObjects().map((row) => simplifyMembers(row));
    } catch (error) {
      throw this.#thrown ?? explainDamage(error, sql);
    }
  }

  async *chunks(sql: string): AsyncIterable<Cell[][]> {
    const explain = (error: unknown): never => {
      throw this.#thrown ?? explainDamage(error, sql);
    };
    this.#thrown = undefined;
    const result = await this.#connection.stream(sql).catch(explain);
    for (;;) {
      const chunk: DuckDBDataChunk | null = await result.fetchChunk().catch(explain);
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getColumns().map((column) => column.map((value) => simplify(value)));
    }
  }

  registerTextFunction(name: string, parameterCount: number, call: (cells: (string | null)[]) => string | null): void {
    const parameters = Array.from({ length: parameterCount }, () => "text" as const);
    this.registerCellFunction(name, parameters, (cells) =>
      call(cells.map((cell) => (typeof cell === "string" ? cell : null))),
    );
  }

  registerCellFunction(
    name: string,
    parameters: readonly ("text" | "bytes")[],
    call: (cells: (string | Uint8Array | null)[]) => string | null,
  ): void {
    this.#connection.registerScalarFunction(
      duckdb.api.DuckDBScalarFunction.create({
        name,
        returnType: duckdb.api.VARCHAR,
        parameterTypes: parameters.map((type) => (type === "text" ? duckdb.api.VARCHAR : duckdb.api.BLOB)),
        specialHandling: true,
        volatile: true,
        mainFunction: (_info, input, output) => {
          const columns = parameters.map((_, index) => input.getColumnVector(index));
          try {
            for (let row = 0; row < input.rowCount; row += 1) {
              output.setItem(row, call(columns.map((column) => toCell(column.getItem(row)))));
            }
          } catch (error) {
            this.#thrown = error;
            throw error;
          }
          output.flush();
        },
      }),
    );
  }

  async connect(): Promise<Engine> {
    return new DuckDbEngine(this.#instance, await this.#instance.connect(), false);
  }

  async trim(): Promise<void> {
    const [now] = await this.rows("SELECT current_setting('memory_limit') AS memory_limit");
    // A lower limit is what makes the engine do it (1.5.5); where more than that is in use, it stays as it is.
    await this.run("SET memory_limit = '64MiB'").catch(() => undefined);
    await this.run(`SET memory_limit = '${String(now?.["memory_limit"])}'`);
  }

  get progressRatio(): number | undefined {
    const { percentage } = this.#connection.progress;
    return percentage < 0 ? undefined : percentage / 100;
  }

  close(): void {
    this.#connection.closeSync();
    if (this.#ownsInstance) this.#instance.closeSync();
  }
}

function toCell(value: unknown): string | Uint8Array | null {
  if (typeof value === "string") return value;
  return value instanceof duckdb.api.DuckDBBlobValue ? value.bytes : null;
}

function simplify(value: unknown): Cell {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof duckdb.api.DuckDBListValue || value instanceof duckdb.api.DuckDBArrayValue)
    return value.items.map(simplify);
  if (value instanceof duckdb.api.DuckDBStructValue) return simplifyMembers(value.entries);
  if (value instanceof duckdb.api.DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: inner }) => [String(key), simplify(inner)]));
  if (value instanceof duckdb.api.DuckDBUnionValue) return simplify(value.value);
  if (value instanceof duckdb.api.DuckDBDecimalValue) return value.toDouble();
  if (value instanceof duckdb.api.DuckDBTimestampTZValue)
    return `${new duckdb.api.DuckDBTimestampValue(value.micros).toString().replace(" ", "T")}Z`;
  if (isTimestamp(value)) return String(value).replace(" ", "T");
  return value === undefined ? null : String(value);
}

const isTimestamp = (value: unknown): boolean =>
  value instanceof duckdb.api.DuckDBTimestampValue ||
  value instanceof duckdb.api.DuckDBTimestampSecondsValue ||
  value instanceof duckdb.api.DuckDBTimestampMillisecondsValue ||
  value instanceof duckdb.api.DuckDBTimestampNanosecondsValue;

function simplifyMembers(members: Readonly<Record<string, unknown>>): Record<string, Cell> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, simplify(value)]));
}
