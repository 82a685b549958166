/** Whether a policy is one: JSON with statements, as IAM looks at it when it is stored. What it allows is not its matter. */
import { QueryError } from "../wire/query-error.ts";

const malformed = (message: string): QueryError => new QueryError("MalformedPolicyDocument", 400, message);

const elements = {
  trust: ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"],
  permissions: ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
} as const;

/** @throws QueryError MalformedPolicyDocument */
export function checkPolicyDocument(text: string, kind: keyof typeof elements): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed(kind === "trust" ? "This policy contains invalid Json" : "Syntax errors in policy.");
  }
  if (!isRecord(document)) throw malformed("Syntax errors in policy.");
  const version = document["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17")
    throw malformed("Syntax errors in policy.");
  const strangers = Object.keys(document).filter((name) => !["Version", "Id", "Statement"].includes(name));
  if (strangers.length > 0) throw malformed("Syntax errors in policy.");
  const statements = [document["Statement"]].flat();
  if (statements.length === 0 || statements[0] === undefined) throw malformed("Syntax errors in policy.");
  for (const statement of statements) checkStatement(statement, kind);
}

function checkStatement(statement: unknown, kind: keyof typeof elements): void {
  if (!isRecord(statement)) throw malformed("Syntax errors in policy.");
  const has = (name: string): boolean => statement[name] !== undefined;
  if (kind === "trust" && (has("Resource") || has("NotResource"))) throw malformed("Has prohibited field Resource");
  if (kind === "permissions" && (has("Principal") || has("NotPrincipal"))) {
    throw malformed("Policy document should not specify a principal.");
  }
  const known: readonly string[] = elements[kind];
  if (Object.keys(statement).some((name) => !known.includes(name))) throw malformed("Syntax errors in policy.");
  if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") throw malformed("Syntax errors in policy.");
  if (has("Action") === has("NotAction"))
    throw malformed(has("Action") ? "Syntax errors in policy." : "Policy statement must contain actions.");
  if (kind === "trust") {
    if (!has("Principal") && !has("NotPrincipal")) throw malformed("AssumeRole policy must contain principals");
    const actions = [statement["Action"] ?? statement["NotAction"]].flat();
    if (actions.some((action) => typeof action !== "string" || !/^(?:sts:|\*$)/i.test(action))) {
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
    }
    return;
  }
  if (has("Resource") === has("NotResource")) {
    throw malformed(has("Resource") ? "Syntax errors in policy." : "Policy statement must contain resources.");
  }
  const actions = [statement["Action"] ?? statement["NotAction"]].flat();
  if (actions.some((action) => typeof action !== "string" || !/^(?:\*|[A-Za-z0-9-]+:.+)$/.test(action))) {
    throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  }
  const resources = [statement["Resource"] ?? statement["NotResource"]].flat();
  if (resources.some((resource) => typeof resource !== "string" || !/^(?:\*|arn:.*)$/.test(resource))) {
    const wrong = resources.find((resource) => typeof resource !== "string" || !/^(?:\*|arn:.*)$/.test(resource));
    throw malformed(`Resource ${String(wrong)} must be in ARN format or "*".`);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
