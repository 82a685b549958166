import { HalfpriceError } from "../../foundation/errors/index.ts";

/** A file as a manifest names it; what it does not say is found out. */
export interface ManifestEntry {
  readonly uri: string;
  readonly sizeBytes?: number;
  readonly rowCount?: number;
}

const uriNames = ["uri", "url", "path", "file"] as const;
const sizeNames = ["bytes", "size", "sizeBytes", "content_length"] as const;
const rowNames = ["rows", "rowCount", "record_count"] as const;

type Cells = Readonly<Record<string, unknown>>;

/**
 * Reads a list of files: JSON with `entries` as Redshift's UNLOAD writes it, a JSON list, JSON Lines, CSV with a header, or a path a line as
 * Athena's UNLOAD writes it. Members of an entry: `uri` (or `url`, `path`), `bytes` and `rows`.
 * @param path of the manifest, for errors
 * @throws BROKEN_TABLE
 */
export function parseManifest(text: string, path: string): ManifestEntry[] {
  const trimmed = text.replace(/^\ufeff/, "").trim();
  const entries = trimmed.startsWith("[") || trimmed.startsWith("{") ? readJson(trimmed, path) : readLines(trimmed);
  if (entries.length === 0) throw refuse(path, "it names no file");
  return entries.map((entry, index) => toEntry(entry, index + 1, path));
}

function readJson(text: string, path: string): unknown[] {
  const whole = tryParse(text);
  if (Array.isArray(whole)) return whole;
  if (whole !== undefined) {
    const { entries } = whole as { entries?: unknown };
    return Array.isArray(entries) ? entries : [whole];
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const value = tryParse(line);
    if (value === undefined) throw refuse(path, `line ${index + 1} is no JSON`);
    return [value];
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Lines with a path each; where the first line has names of columns, a CSV whose cells have neither quotes nor commas. */
function readLines(text: string): unknown[] {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const names = (lines[0] ?? "").split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  if (!names.some((name) => (uriNames as readonly string[]).includes(name))) return lines.map(unquote);
  return lines.slice(1).map((line) => {
    const cells = line.split(",").map((cell) => unquote(cell.trim()));
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

const unquote = (text: string): string => text.replace(/^"(.*)"$/, "$1");

function toEntry(entry: unknown, number: number, path: string): ManifestEntry {
  if (typeof entry === "string") return { uri: entry };
  const cells = (typeof entry === "object" && entry !== null ? entry : {}) as Cells;
  const meta = (typeof cells["meta"] === "object" && cells["meta"] !== null ? cells["meta"] : {}) as Cells;
  const uri = uriNames.map((name) => cells[name]).find((value) => typeof value === "string" && value !== "");
  if (typeof uri !== "string") throw refuse(path, `entry ${number} has no uri`);
  const sizeBytes = readCount({ ...meta, ...cells }, sizeNames, number, path);
  const rowCount = readCount({ ...meta, ...cells }, rowNames, number, path);
  return {
    uri,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(rowCount === undefined ? {} : { rowCount }),
  };
}

function readCount(cells: Cells, names: readonly string[], number: number, path: string): number | undefined {
  const name = names.find((each) => cells[each] !== undefined && cells[each] !== null && cells[each] !== "");
  if (name === undefined) return undefined;
  const value = Number(cells[name]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw refuse(path, `${name} of entry ${number} is ${JSON.stringify(cells[name])}`);
}

const refuse = (path: string, problem: string): HalfpriceError =>
  new HalfpriceError("BROKEN_TABLE", {
    ...{ path, problem },
    expected: "a list of files, each with its uri, and bytes and rows where they are known",
  });
