/** S3 URIs of a job: where its input lies, where its output goes. */

/** `s3://bucket/some/key` as bucket and key; the key may be empty. */
export function parseS3Uri(uri: string): { bucket: string; key: string } {
  const rest = uri.slice("s3://".length);
  const slash = rest.indexOf("/");
  return slash < 0 ? { bucket: rest, key: "" } : { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) };
}

/** A key in the output folder, with one slash between, whether or not the URI ends in one. */
export function outputKey(outputUri: string, ...parts: readonly string[]): string {
  const { key } = parseS3Uri(outputUri);
  return [...(key === "" ? [] : [key.replace(/\/$/, "")]), ...parts].join("/");
}

/** The last part of a key. */
export const baseName = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
