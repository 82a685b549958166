/**
 * Signature Version 4, from the request as it arrived and the headers that its sender chose to sign. Nothing is taken from
 * a signer: a signer signs what it thinks should be signed, a verifier has to follow the one who did.
 */
import { createHash, createHmac } from "node:crypto";
import type { Scope } from "./authorization.ts";

export interface CanonicalInput {
  readonly method: string;
  /** The path as it goes into the canonical request: see {@link canonicalPaths}. */
  readonly path: string;
  /** Decoded. */
  readonly params: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  /** SHA-256 of the body in hex, or a word such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

export function makeCanonicalRequest(input: CanonicalInput): string {
  const query = [...input.params]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = input.signedHeaders.map((name) => `${name}:${collapse(input.headers[name] ?? "")}\n`).join("");
  return [input.method, input.path, query, headers, input.signedHeaders.join(";"), input.payloadHash].join("\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const collapse = (value: string): string => value.trim().replace(/ +/g, " ");

/** Everything but the unreserved characters of RFC 3986 becomes `%XX`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The forms in which a sender may have signed its path. S3: as it was sent, or with every character encoded that can be.
 * Elsewhere: what was sent, encoded once more, with empty and dot segments taken out.
 */
export function canonicalPaths(path: string, isS3: boolean): string[] {
  if (!isS3) return [encodeSegments(normalize(path)), encodeSegments(path)];
  try {
    return [
      ...new Set([
        path,
        path
          .split("/")
          .map((part) => encodeStrictly(decodeURIComponent(part)))
          .join("/"),
      ]),
    ];
  } catch {
    // Not valid percent-encoding: S3 will answer InvalidURI once the signature holds.
    return [path];
  }
}

const encodeSegments = (path: string): string => path.split("/").map(encodeStrictly).join("/");

function normalize(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  const slash = path.endsWith("/") && kept.length > 0 ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}

export const scopeText = ({ date, region, service }: Scope): string => `${date}/${region}/${service}/aws4_request`;

export function makeStringToSign(date: string, scope: Scope, canonicalRequest: string): string {
  // Header values arrive as one character a byte: hashed as such, they are the bytes that were sent.
  const hash = createHash("sha256").update(canonicalRequest, "latin1").digest("hex");
  return ["AWS4-HMAC-SHA256", date, scopeText(scope), hash].join("\n");
}

export function makeSigningKey(secretAccessKey: string, { date, region, service }: Scope): Buffer {
  return [date, region, service, "aws4_request"].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

export const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
