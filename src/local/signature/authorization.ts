/** How a request says who sent it: Signature Version 4 or 2, in a header or in the query, a bearer token, or not at all. */

/** `20261121/us-east-1/s3/aws4_request`: what a Version 4 signature is good for. */
export interface Scope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export type Authorization =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly token: string }
  /** Meant as a signature, but not one: what is missing or wrong, in AWS's words. */
  | { readonly kind: "malformed"; readonly isQuery: boolean; readonly problems: readonly string[] }
  | {
      readonly kind: "v4";
      readonly isQuery: boolean;
      readonly accessKeyId: string;
      readonly scope: Scope;
      readonly signedHeaders: readonly string[];
      readonly signature: string;
      /** `X-Amz-Date`, or `Date` where there is none; as sent. */
      readonly date: string | undefined;
      /** Of a presigned request, as sent. */
      readonly expires: string | undefined;
      readonly sessionToken: string | undefined;
    }
  | {
      readonly kind: "v2";
      readonly isQuery: boolean;
      readonly accessKeyId: string;
      readonly signature: string;
      /** Of a presigned request: seconds since 1970, as sent. */
      readonly expires: string | undefined;
      readonly sessionToken: string | undefined;
    };

export type V4Authorization = Extract<Authorization, { kind: "v4" }>;
export type V2Authorization = Extract<Authorization, { kind: "v2" }>;

/** @param query decoded parameters */
export function parseAuthorization(
  headers: Readonly<Record<string, string>>,
  query: ReadonlyMap<string, string>,
): Authorization {
  const header = headers["authorization"];
  if (header !== undefined && header.trim() !== "") return parseHeader(header, headers);
  if (query.has("X-Amz-Algorithm") || query.has("X-Amz-Credential") || query.has("X-Amz-Signature")) {
    return parsePresigned(query);
  }
  const accessKeyId = query.get("AWSAccessKeyId");
  const signature = query.get("Signature");
  if (accessKeyId !== undefined && signature !== undefined) {
    return {
      kind: "v2",
      isQuery: true,
      accessKeyId,
      signature,
      expires: query.get("Expires"),
      sessionToken: query.get("x-amz-security-token"),
    };
  }
  return { kind: "none" };
}

function parseHeader(header: string, headers: Readonly<Record<string, string>>): Authorization {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1];
  if (bearer !== undefined) return { kind: "bearer", token: bearer };
  const v2 = /^AWS ([^:\s]+):(\S+)\s*$/.exec(header);
  if (v2 !== null) {
    return {
      kind: "v2",
      isQuery: false,
      accessKeyId: v2[1] ?? "",
      signature: v2[2] ?? "",
      expires: undefined,
      sessionToken: headers["x-amz-security-token"],
    };
  }
  const text = /^AWS4-HMAC-SHA256(?:\s+(.*))?$/.exec(header.trim());
  if (text === null) return { kind: "malformed", isQuery: false, problems: [] };
  const parts = new Map(
    (text[1] ?? "")
      .split(",")
      .map((part) => /^\s*([^=]+)=(.*?)\s*$/.exec(part))
      .flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""] as const])),
  );
  const date = headers["x-amz-date"] ?? headers["date"];
  // The wording is that of AWS's IncompleteSignature answers.
  const problems = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (date === undefined) {
    problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  const credential = parseCredential(parts.get("Credential") ?? "");
  if (problems.length > 0 || credential === undefined) return { kind: "malformed", isQuery: false, problems };
  return {
    kind: "v4",
    isQuery: false,
    ...credential,
    signature: parts.get("Signature") ?? "",
    date,
    signedHeaders: (parts.get("SignedHeaders") ?? "").toLowerCase().split(";"),
    expires: undefined,
    sessionToken: headers["x-amz-security-token"],
  };
}

const presignedNames = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-Date",
  "X-Amz-SignedHeaders",
  "X-Amz-Expires",
];

function parsePresigned(query: ReadonlyMap<string, string>): Authorization {
  const problems = presignedNames
    .filter((name) => !query.get(name) && name !== "X-Amz-Expires")
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  const credential = parseCredential(query.get("X-Amz-Credential") ?? "");
  if (problems.length > 0 || credential === undefined || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") {
    return { kind: "malformed", isQuery: true, problems };
  }
  return {
    kind: "v4",
    isQuery: true,
    ...credential,
    signature: query.get("X-Amz-Signature") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").toLowerCase().split(";"),
    date: query.get("X-Amz-Date"),
    expires: query.get("X-Amz-Expires"),
    sessionToken: query.get("X-Amz-Security-Token"),
  };
}

/** A key id may hold slashes only in theory; the four parts behind it are fixed. */
function parseCredential(text: string): { accessKeyId: string; scope: Scope } | undefined {
  const parts = text.split("/");
  const [date, region, service, end] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (accessKeyId === "" || date === undefined || region === undefined || service === undefined) return undefined;
  return end === "aws4_request" ? { accessKeyId, scope: { date, region, service } } : undefined;
}
