/** The condition keys of a call ("AWS global condition context keys", IAM user guide). */
import type { AccessRequest } from "./access-request.ts";
import type { RequestKeys } from "./evaluate/policy.ts";

/** @param own what the principal is known by */
export function makeRequestKeys(
  { action, resource, region, keys = {} }: Pick<AccessRequest, "action" | "resource" | "region" | "keys">,
  own: RequestKeys,
  { accountId, nowMs }: { accountId: string; nowMs: number },
): RequestKeys {
  const all = new Map<string, readonly string[]>(own);
  const set = (key: string, value: string | readonly string[] | undefined): void => {
    if (value !== undefined) all.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  };
  set("aws:RequestedRegion", region);
  set("aws:CurrentTime", new Date(nowMs).toISOString().replace(/\.\d{3}/, ""));
  set("aws:EpochTime", String(Math.floor(nowMs / 1000)));
  // Loopback stands for TLS: a bucket that takes nothing else must work here.
  set("aws:SecureTransport", "true");
  set("aws:SourceIp", "127.0.0.1");
  set("aws:ViaAWSService", "false");
  // A foundation model belongs to none of the customer's accounts. Everything else here does.
  if (!/^arn:[\w-]+:bedrock:[^:]*::foundation-model\//.test(resource)) {
    set("aws:ResourceAccount", accountId);
    if (action.startsWith("s3:")) set("s3:ResourceAccount", accountId);
  }
  for (const [key, value] of Object.entries(keys)) set(key, value);
  return all;
}

/** `aws:RequestTag/…` and `aws:TagKeys` of tags that a request brings. */
export function makeTagKeys(
  tags: readonly { readonly key: string; readonly value: string }[],
): Record<string, string | readonly string[]> {
  if (tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": tags.map(({ key }) => key),
  };
}
