/** Whether a signature's time is now: the skew of a signed request, the life of a presigned one. By the wall's clock. */
import type { WireError } from "../wire/error-answer.ts";
import type { Authorization, V2Authorization, V4Authorization } from "./authorization.ts";
import type { Reason } from "./words.ts";

const minuteMs = 60_000;
/** S3 allows fifteen minutes and says so in its answer; the other services five, which their words name. */
const s3SkewMs = 15 * minuteMs;
const skewMs = 5 * minuteMs;
const longestExpirySeconds = 604_800;

export type DateProblem = WireError | { reason: Reason; message?: string; details?: Readonly<Record<string, string>> };

export function checkDate(
  authorization: V4Authorization,
  { isS3, wallMs }: { isS3: boolean; wallMs: number },
): DateProblem | undefined {
  const { date = "", scope, isQuery } = authorization;
  const signedAtMs = parseDate(date);
  if (signedAtMs === undefined) {
    const message = isS3
      ? "AWS authentication requires a valid Date or x-amz-date header"
      : `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`;
    return isS3 ? { status: 403, code: "AccessDenied", message } : { reason: "malformed", message };
  }
  const day = formatBasic(signedAtMs).slice(0, 8);
  if (scope.date !== day) {
    const message = isS3
      ? `The authorization header is malformed; Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`
      : `Credential should be scoped with a valid date. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${date}'.`;
    return { reason: "wrongDate", message };
  }
  if (isQuery) return checkPresigned(authorization, { isS3, wallMs, signedAtMs });
  const limitMs = isS3 ? s3SkewMs : skewMs;
  if (Math.abs(wallMs - signedAtMs) <= limitMs) return undefined;
  if (isS3) {
    const times = { RequestTime: date, ServerTime: formatIso(wallMs), MaxAllowedSkewMilliseconds: String(s3SkewMs) };
    return { reason: "skewed", details: times };
  }
  const isEarly = signedAtMs < wallMs;
  const now = formatBasic(wallMs);
  const bound = formatBasic(isEarly ? wallMs - skewMs : wallMs + skewMs);
  return {
    reason: "skewed",
    message: isEarly
      ? `Signature expired: ${date} is now earlier than ${bound} (${now} - 5 min.)`
      : `Signature not yet current: ${date} is still later than ${bound} (${now} + 5 min.)`,
  };
}

/**
 * What is wrong with the life of a presigned S3 URL, where anything is: it ends when it says, whether or not signatures
 * are verified.
 */
export function findPresignedProblem(
  authorization: Authorization,
  headers: Readonly<Record<string, string>>,
  wallMs: number,
): WireError | undefined {
  if (authorization.kind === "v2" && authorization.isQuery) return checkV2Expiry(authorization, headers, wallMs);
  if (authorization.kind !== "v4" || !authorization.isQuery) return undefined;
  const signedAtMs = parseDate(authorization.date ?? "");
  if (signedAtMs === undefined) return undefined;
  const problem = checkPresigned(authorization, { isS3: true, wallMs, signedAtMs });
  return problem !== undefined && "code" in problem ? problem : undefined;
}

function checkPresigned(
  { expires }: V4Authorization,
  { isS3, wallMs, signedAtMs }: { isS3: boolean; wallMs: number; signedAtMs: number },
): DateProblem | undefined {
  const wrong = expires === undefined ? "X-Amz-Expires must be given" : findExpiryProblem(expires);
  // Only S3 insists on a lifetime; elsewhere it is 15 minutes where nothing is said.
  if (isS3 && wrong !== undefined) {
    return { status: 400, code: "AuthorizationQueryParametersError", message: wrong };
  }
  const endsAtMs = signedAtMs + (wrong === undefined ? Number(expires) : 900) * 1000;
  if (signedAtMs > wallMs + s3SkewMs) {
    const details = { "X-Amz-Date": formatBasic(signedAtMs), ServerTime: formatIso(wallMs) };
    return isS3
      ? { status: 403, code: "AccessDenied", message: "Request is not valid yet", details }
      : { reason: "skewed", message: `Signature not yet current: ${formatBasic(signedAtMs)} is still later than now.` };
  }
  if (wallMs < endsAtMs) return undefined;
  if (!isS3) return { status: 400, code: "RequestExpired", message: "Request has expired." };
  const details = { "X-Amz-Expires": expires ?? "", Expires: formatIso(endsAtMs), ServerTime: formatIso(wallMs) };
  return { status: 403, code: "AccessDenied", message: "Request has expired", details };
}

function findExpiryProblem(expires: string): string | undefined {
  if (!/^-?\d+$/.test(expires)) return "X-Amz-Expires should be a number";
  if (Number(expires) < 0) return "X-Amz-Expires must be non-negative";
  if (Number(expires) <= longestExpirySeconds) return undefined;
  return "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds";
}

export function checkV2Expiry(
  { expires, isQuery }: V2Authorization,
  headers: Readonly<Record<string, string>>,
  wallMs: number,
): WireError | undefined {
  if (isQuery) {
    if (expires === undefined || !/^\d+$/.test(expires)) {
      const message = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters";
      return { status: 403, code: "AccessDenied", message };
    }
    if (Number(expires) * 1000 > wallMs) return undefined;
    const details = { Expires: formatIso(Number(expires) * 1000), ServerTime: formatIso(wallMs) };
    return { status: 403, code: "AccessDenied", message: "Request has expired", details };
  }
  const date = headers["x-amz-date"] ?? headers["date"];
  const signedAtMs = date === undefined ? undefined : parseDate(date);
  if (signedAtMs === undefined) {
    const message = "AWS authentication requires a valid Date or x-amz-date header";
    return { status: 403, code: "AccessDenied", message };
  }
  if (Math.abs(wallMs - signedAtMs) <= s3SkewMs) return undefined;
  const message = "The difference between the request time and the current time is too large.";
  const details = {
    RequestTime: date ?? "",
    ServerTime: formatIso(wallMs),
    MaxAllowedSkewMilliseconds: String(s3SkewMs),
  };
  return { status: 403, code: "RequestTimeTooSkewed", message, details };
}

/** `20261121T120000Z`, or a date as HTTP writes it. */
export function parseDate(date: string): number | undefined {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  const [, year, month, day, hour, minute, second] = basic ?? [];
  const atMs = Date.parse(basic === null ? date : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

const formatIso = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}/, "");
const formatBasic = (atMs: number): string => formatIso(atMs).replace(/[-:]/g, "");
