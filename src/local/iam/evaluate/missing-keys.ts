/** What policies ask of a request and it does not say. */
import type { Policy } from "./policy.ts";
import { isAbout, type Request } from "./statement.ts";

/** The condition keys, as written, of statements about this action and resource that the request does not have. */
export function findMissingKeys(policies: readonly Policy[], request: Request): string[] {
  const asked = policies.flatMap((policy) =>
    policy.statements
      .filter((statement) => isAbout(policy, statement, request))
      .flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  const missing = new Map(
    asked.filter((key) => !request.keys.has(key.toLowerCase())).map((key) => [key.toLowerCase(), key]),
  );
  return [...missing.values()].sort();
}
