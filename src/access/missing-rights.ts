import type { IamDocuments } from "../aws/iam-documents.ts";
import { isError } from "../foundation/errors/index.ts";
import type { Policy, Statement } from "./policies.ts";

/**
 * The statements of a policy of which the principal may not do all, by its own policies as IAM's simulator reads them.
 * Undefined where the simulator may not be asked, or does not know the principal.
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function findMissingRights(
  principalArn: string,
  policy: Policy,
  iam: IamDocuments,
): Promise<readonly Statement[] | undefined> {
  const missing: Statement[] = [];
  try {
    for (const statement of policy.Statement) {
      const denied = await iam.findDenied(principalArn, {
        actions: [statement.Action].flat(),
        resources: [statement.Resource ?? "*"].flat(),
        keys: makeKeys(statement, policy),
      });
      if (denied.length > 0) missing.push(statement);
    }
    return missing;
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return undefined;
    throw error;
  }
}

/** What a request would say that fulfils the statement's own conditions: the simulator fills in nothing by itself. */
function makeKeys({ Condition = {} }: Statement, { Statement: all }: Policy): Record<string, string> {
  const own = Object.values(Condition).flatMap((keys) => Object.entries(keys));
  // A bucket is the account's in every request, whether or not this statement asks.
  const account = all
    .flatMap((each) => Object.values(each.Condition ?? {}))
    .map((keys) => keys["aws:ResourceAccount"])
    .find((value) => value !== undefined);
  const pairs = own.map(([key, value]) => [key, [value].flat()[0]?.replace(/\*$/, "") ?? ""] as const);
  return Object.fromEntries([
    ...(account === undefined ? [] : [["aws:ResourceAccount", [account].flat()[0] ?? ""] as const]),
    ...pairs.filter(([, value]) => value !== ""),
  ]);
}
