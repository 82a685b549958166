/** Data: what is wrong with a table, and with the file that answers are written to. A code is permanent. */
import { entry, list, nearest, placeholder, renamed } from "./entry.ts";

/** Errors of tables and output files. */
export const tableErrors = {
  NO_SUCH_FILE: entry<{ path: string; nearest?: string | undefined }>({
    exitCode: 2,
    says: ({ path, nearest: other }) => `There is no file ${path}.${nearest(other)}`,
    fix: () => "check the path; a glob needs quotes: 'data/*.csv'",
    about: "A table, prompt or spec file that was named does not exist, or a glob matches nothing.",
    example: { path: "reveiws.csv", nearest: "reviews.csv" },
  }),
  IS_A_DIRECTORY: entry<{ path: string }>({
    exitCode: 2,
    says: ({ path }) => `${path} is a directory; a table is a file or a glob.`,
    fix: ({ path }) => `name the files: '${path.replace(/\/+$/, "")}/*.csv'`,
    about: "A directory was given where a file is wanted.",
    example: { path: "data/" },
  }),
  UNREADABLE_FILE: entry<{ path: string; reason: string; fix?: string | undefined }>({
    exitCode: 2,
    says: ({ path, reason }) => `${path} cannot be read: ${reason}.`,
    fix: ({ fix }) => fix ?? "check the file's permissions",
    about: "The operating system refused to read a file, or a file of the workspace is broken.",
    example: { path: "reviews.csv", reason: "permission denied" },
  }),
  UNKNOWN_FORMAT: entry<{ path: string }>({
    exitCode: 2,
    says: ({ path }) => `${path} is not a table that halfprice can read.`,
    fix: ({ path }) =>
      /\.json$/i.test(path)
        ? `make JSON Lines of it, one object a line: jq -c '.[]' ${path} > ${path}l`
        : "use .csv, .tsv, .jsonl (or .ndjson), .parquet or .xlsx",
    about: "The ending of a table's name says which format it has; this one says nothing known.",
    example: { path: "reviews.docx" },
  }),
  MIXED_FORMATS: entry<{ glob: string; formats: string }>({
    exitCode: 2,
    says: ({ glob, formats }) => `${glob} matches files of several formats: ${formats}.`,
    fix: () => "narrow the glob to one format, such as 'data/*.csv'",
    about: "All files of a glob are read as one table, so they have one format.",
    example: { glob: "data/*", formats: "csv, parquet" },
  }),
  DIFFERENT_COLUMNS: entry<{ path: string; first: string; columns: string; firstColumns: string }>({
    exitCode: 2,
    says: ({ path, first, columns, firstColumns }) =>
      `${path} has the columns ${columns}; ${first} has ${firstColumns}. Files of one glob need the same columns.`,
    fix: () => "rename the columns, or run the files one by one",
    about: "Files of a glob are read as one table.",
    example: { path: "data/may.csv", first: "data/april.csv", columns: "id, body", firstColumns: "id, text" },
  }),
  EMPTY_TABLE: entry<{ path: string; note?: string | undefined }>({
    exitCode: 2,
    says: ({ path, note }) => `${path} has no rows.${note === undefined ? "" : ` ${note}`}`,
    fix: ({ note }) =>
      note === undefined
        ? "check that the file was written whole; a header alone is not a table"
        : "name the sheet that has the rows: --sheet NAME",
    about: "The table is empty, or holds a header and nothing below it.",
    example: { path: "reviews.csv" },
  }),
  BROKEN_TABLE: entry<{
    path: string;
    line?: number | undefined;
    problem: string;
    expected?: string | undefined;
    fix?: string | undefined;
  }>({
    exitCode: 2,
    says: ({ path, line, problem, expected }) =>
      `${path}${line === undefined ? "" : `, line ${line}`}: ${problem}${expected === undefined ? "" : `; expected ${expected}`}.`,
    fix: ({ fix }) =>
      fix ?? "fix that line; a cell with the delimiter, a quote or a line break in it goes into double quotes",
    about:
      "The table does not follow its format: a row with too few or too many cells, an open quote, JSON that does not parse.",
    example: { path: "reviews.csv", line: 17, problem: "4 cells", expected: "3" },
  }),
  BAD_ENCODING: entry<{
    path: string;
    line?: number | undefined;
    byteOffset?: number | undefined;
    /** What --encoding says. */
    encoding?: string | undefined;
  }>({
    exitCode: 2,
    says: ({ path, line, byteOffset, encoding }) =>
      encoding === undefined
        ? `${path}${line === undefined ? "" : `, line ${line}`}${byteOffset === undefined ? "" : ` (byte ${byteOffset})`}: not valid UTF-8. halfprice reads UTF-8, UTF-16 with a byte order mark, and what --encoding names.`
        : `${path}: not valid ${encoding}, which --encoding says that it is.`,
    fix: () =>
      "say which encoding it has: --encoding windows-1252 (most CSV files of Excel), or iso-8859-2, gbk, shift_jis …",
    about:
      "The table's bytes are no UTF-8 text, or not of the encoding that was named. Guessing one would put wrong letters into prompts.",
    example: { path: "reviews.csv", line: 3, byteOffset: 118 },
  }),
  BAD_COLUMN_NAMES: entry<{ path: string; problems: readonly string[] }>({
    exitCode: 2,
    says: ({ path, problems }) => `${path} has column names that cannot be used:\n  ${list(problems)}`,
    fix: () => "give every column a name of its own in the first line",
    about: "Two columns have one name, or a column has none: a prompt could not say which it means.",
    example: { path: "reviews.csv", problems: ['"text" is the name of columns 2 and 5'] },
  }),
  BAD_ROWS: entry<{ name: string; row: number; problem: string }>({
    exitCode: 2,
    says: ({ name, row, problem }) => `${name}, row ${row}: ${problem}.`,
    fix: () => "give objects of texts, numbers, booleans, null, dates, arrays and objects: a key is a column",
    about: "A row that a program gave is not an object of JSON values.",
    example: { name: "rows", row: 3, problem: "it is not an object" },
  }),
  UNKNOWN_COLUMN: entry<{
    column: string;
    where: string;
    columns: readonly string[];
    nearest?: string | undefined;
    isFunction?: true;
    /** What to know of the table: the sheet that is read. */
    note?: string | undefined;
    fix?: string | undefined;
  }>({
    exitCode: 2,
    says: ({ column, where, columns, nearest: other, note }) =>
      `${where} uses the column ${column}, which the table does not have.${nearest(other)} Columns: ${columns.join(", ")}.${note === undefined ? "" : ` ${note}`}`,
    fix: ({ nearest: other, isFunction, fix }) =>
      fix ??
      (other === undefined
        ? isFunction === true
          ? "use a column of the table"
          : "use a column of the table; where the braces are meant as text, write \\{{ for {{"
        : isFunction === true
          ? `write row${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(other) ? `.${other}` : `[${JSON.stringify(other)}]`}`
          : `write ${placeholder(other)}`),
    about: "A placeholder of the prompt names a column that is not in the table.",
    example: { column: "txet", where: "classify.md, line 4", columns: ["id", "text"], nearest: "text" },
  }),
  BAD_SQL: entry<{ sql: string; reason: string }>({
    exitCode: 2,
    says: ({ sql, reason }) => `The query cannot be run over the table: ${reason}.\n  ${sql}`,
    fix: () => "write a SELECT of DuckDB that calls the table input: --sql \"SELECT * FROM input WHERE lang = 'en'\"",
    about: "The query of --sql has an error, or names a column that is not there.",
    example: { sql: "SELECT * FROM inptu", reason: "Table with name inptu does not exist" },
  }),
  COLUMN_COLLISION: entry<{ columns: readonly string[] }>({
    exitCode: 2,
    says: ({ columns }) =>
      `The table already has ${columns.length === 1 ? "a column" : "columns"} named ${columns.join(", ")}, where the results go.`,
    fix: () => "put the answers under other names: --answer-prefix ai_",
    about: "A column of the results has the name of a column of the input; neither may be lost.",
    example: { columns: ["answer"] },
  }),
  BAD_OUTPUT: entry<{ path: string; reason: string }>({
    exitCode: 2,
    says: ({ path, reason }) => `The table cannot be written to ${path}: ${reason}.`,
    fix: () =>
      "name a file that ends in .parquet, .csv, .jsonl or .xlsx, in a folder that exists and can be written; a run's table is kept: halfprice export RUN -o FILE",
    about: "The ending of the output's name says its format.",
    example: { path: "answers.docx", reason: "the ending .docx is no format of a table" },
  }),
  OUTPUT_IS_INPUT: entry<{ path: string; input: string }>({
    exitCode: 2,
    says: ({ path, input }) =>
      path === input
        ? `${path} is read by this run; writing the output there would replace it.`
        : `${path} is the same file as ${input}, which this run reads; writing the output there would replace it.`,
    fix: ({ path }) => `name another file: -o ${renamed(path)}`,
    about:
      "The output is the table, a member of its glob, the prompt, the spec, the schema or a file of the workspace: by the same name, another spelling, a symbolic link or a hard link.",
    example: { path: "reviews.csv", input: "reviews.csv" },
  }),
  OUTPUT_EXISTS: entry<{ path: string; reason: "partial" | "edited"; runId: string }>({
    exitCode: 2,
    says: ({ path, reason }) =>
      reason === "partial"
        ? `${path} exists, and this output has only a part of the table's rows (--limit or --sample). It was left as it is.`
        : `${path} was changed since this run wrote it. It was left as it is.`,
    fix: ({ path, reason, runId }) =>
      reason === "partial"
        ? `name another file: -o ${renamed(path)}; or add --overwrite`
        : `name another file: halfprice export ${runId} -o ${renamed(path)}, or halfprice retry ${runId} -o ${renamed(path)}; or add --overwrite`,
    about: "A file of yours is replaced only where that cannot lose rows or edits; --overwrite says that it may.",
    example: { path: "answers.csv", reason: "partial", runId: "20260314-093000-k3x9a" },
  }),
  BAD_QUERY: entry<{ query: string; reason: string }>({
    exitCode: 2,
    says: ({ query, reason }) => `${query} could not be answered: ${reason}`,
    fix: () => "the run's table is called results; DESCRIBE results shows its columns",
    about: "A query of `show --query` is not valid SQL, or names a column that the run's table does not have.",
    example: { query: "SELECT sentimet FROM results", reason: "the table has no column sentimet" },
  }),
} as const;
