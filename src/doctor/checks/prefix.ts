import { type CheckResult, pass, warn } from "./check.ts";

/**
 * Where a run's files go. What the service's pattern of URIs refuses was refused with the settings already; the output has a
 * folder beside the input's, ends with a slash, and is new for every run. @see sources#s3-names, collected 2026-11-21
 */
export function checkPrefix(bucket: string, prefix: string): CheckResult {
  const where = `s3://${bucket}/${prefix}runs/<run>/input/ and …/output/`;
  if (prefix.length <= 200) return pass("prefix", `${where}: apart from each other, and new for every run`);
  return warn("prefix", `${where}: the prefix has ${prefix.length} letters, and a key may have 1,024`, {
    fix: "use a shorter --prefix",
  });
}
