import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";

/**
 * What the engine (1.5.5) says of a Parquet file whose bytes have changed since it was written: found by changing bytes of files in each
 * of its codecs. A changed byte in a page without compression may go unnoticed: the format's checksums are optional, and are not written.
 */
const damage =
  /Snappy decompression failure|ZSTD Decompression failure|Failed to decompress GZIP|unsupported GZIP|Invalid Error: Out of buffer|Invalid string encoding found in Parquet file|TProtocolException|No magic bytes found at end of file/;

/**
 * The engine's error as DAMAGED_FILE, where it says that a Parquet file is damaged; else the error as it is.
 * @param sql the statement that failed: not every message names the file
 */
export function explainDamage(error: unknown, sql: string): unknown {
  if (!(error instanceof Error)) return error;
  const [found] = damage.exec(error.message) ?? [];
  if (found === undefined) return error;
  const named = /file "([^"]+)"/.exec(error.message)?.[1];
  const read = [...sql.matchAll(/'((?:[^']|'')+\.parquet)'/g)].map(([, path = ""]) => path.replaceAll("''", "'"));
  const paths = named === undefined ? [...new Set(read)] : [named];
  if (paths.length === 0) return error;
  const runId = paths.map((path) => /[/\\]runs[/\\]([^/\\]+)[/\\]/.exec(path)?.[1]).find((id) => id !== undefined);
  return new HalfpriceError(
    "DAMAGED_FILE",
    {
      path: paths.join(" or "),
      reason: found.replace("Invalid Error: ", ""),
      ...defined({ runId }),
    },
    { cause: error },
  );
}
