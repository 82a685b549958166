/** Bucket policies: what may be put, and what one says of a caller without a name. */
import { S3Error } from "../errors.ts";

type Statement = Readonly<Record<string, unknown>>;

const malformed = (message: string): S3Error => new S3Error("MalformedPolicy", { message });
/** 20 KB ("Bucket policies", S3 user guide). */
const maxBytes = 20_480;

/** @throws S3Error MalformedPolicy */
export function checkBucketPolicy(text: string, bucketName: string): void {
  if (Buffer.byteLength(text) > maxBytes) throw malformed("Policy is larger than the maximum allowed size");
  const statements = readStatements(text);
  if (statements === undefined) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (statements.length === 0) throw malformed("Could not parse the policy: Statement is empty!");
  for (const statement of statements) {
    if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") {
      throw malformed(`Invalid effect: ${JSON.stringify(statement["Effect"] ?? null)}`);
    }
    if (statement["Principal"] === undefined && statement["NotPrincipal"] === undefined) {
      throw malformed("Missing required field Principal");
    }
    if (statement["Action"] === undefined && statement["NotAction"] === undefined) {
      throw malformed("Missing required field Action");
    }
    if (statement["Resource"] === undefined && statement["NotResource"] === undefined) {
      throw malformed("Missing required field Resource");
    }
    if (!listStrings(statement["Action"] ?? statement["NotAction"]).every((action) => /^(?:\*|s3:.+)$/i.test(action))) {
      throw malformed("Policy has invalid action");
    }
    const own = new RegExp(`^arn:[^:]*:s3:::${bucketName.replaceAll(".", "\\.")}(?:/.*)?$`, "s");
    const isOwn = (resource: string): boolean =>
      resource === "*" || own.test(resource) || matches(resource, `arn:aws:s3:::${bucketName}`);
    if (!listStrings(statement["Resource"] ?? statement["NotResource"]).every(isOwn)) {
      throw malformed("Policy has invalid resource");
    }
  }
}

function readStatements(text: string): Statement[] | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { Statement: statements } = JSON.parse(text) as { Statement?: unknown };
    const list = [statements ?? []].flat();
    return list.every((each) => typeof each === "object" && each !== null) ? (list as Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

const listStrings = (value: unknown): string[] => [value ?? []].flat().map(String);

/** `*` and `?` as policies have them. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

const isEveryone = (principal: unknown): boolean =>
  principal === "*" ||
  (typeof principal === "object" &&
    principal !== null &&
    listStrings((principal as Record<string, unknown>)["AWS"]).includes("*"));

/** True where somebody without a name is let in without a condition. */
export function isPublicPolicy(text: string | undefined): boolean {
  const statements = text === undefined ? [] : (readStatements(text) ?? []);
  return statements.some(
    (each) => each["Effect"] === "Allow" && isEveryone(each["Principal"]) && each["Condition"] === undefined,
  );
}

/** What a policy says of a caller without a name. Statements with conditions are not weighed: they allow nothing here. */
export function decideAnonymous(text: string | undefined, action: string, resource: string): "allow" | "deny" | "none" {
  const statements = text === undefined ? [] : (readStatements(text) ?? []);
  const fitting = statements.filter(
    (each) =>
      isEveryone(each["Principal"]) &&
      listStrings(each["Action"]).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      listStrings(each["Resource"]).some((pattern) => matches(pattern, resource)) &&
      each["Condition"] === undefined,
  );
  if (fitting.some((each) => each["Effect"] === "Deny")) return "deny";
  return fitting.some((each) => each["Effect"] === "Allow") ? "allow" : "none";
}
