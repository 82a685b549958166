/** What an IAM call is a right to: the resource of each operation ("Actions, resources, and condition keys for IAM"). */

import { partitionOf } from "../partition.ts";
import type { Input } from "../wire/query-fields.ts";
import { readTags } from "../wire/query-fields.ts";
import type { Ask } from "./ask.ts";
import type { IamContext } from "./context.ts";
import { makeTagKeys } from "./request-keys.ts";

/** Of operations that name no one thing; AWS's messages are known to name these. */
const fixed: Readonly<Record<string, (account: string) => string>> = {
  ListRoles: (account) => `${account}:role/`,
  ListUsers: (account) => `${account}:user/`,
  ListPolicies: () => "policy path /",
  SimulateCustomPolicy: () => "*",
};

/** @param callerArn of operations on users that may leave out whom they mean */
export function makeIamAsk(operation: string, input: Input, { store, world }: IamContext, callerArn: string): Ask {
  const path = input.find("Path") ?? "/";
  const account = `arn:${partitionOf(world.region)}:iam::${world.accountId}`;
  const makeArn = (kind: string, name: string): string => `${account}:${kind}${path}${name}`;
  const roleName = input.find("RoleName");
  const userName = input.find("UserName");
  const policyName = input.find("PolicyName");
  const findResource = (): string => {
    const known = fixed[operation];
    if (known !== undefined) return known(account);
    if (roleName !== undefined) return store.findRole(roleName)?.arn ?? makeArn("role", roleName);
    if (userName !== undefined)
      return store.listUsers().find(({ name }) => name === userName)?.arn ?? makeArn("user", userName);
    const named = input.find("PolicyArn") ?? input.find("PolicySourceArn");
    if (named !== undefined) return named;
    return policyName === undefined ? callerArn : makeArn("policy", policyName);
  };
  return {
    action: `iam:${operation}`,
    resource: findResource(),
    // IAM is one for all Regions, and its calls are signed for this one.
    region: "us-east-1",
    keys: {
      "iam:PolicyARN": roleName === undefined && userName === undefined ? undefined : input.find("PolicyArn"),
      "iam:PermissionsBoundary": input.find("PermissionsBoundary"),
      ...makeTagKeys(readTags(input, "Tags")),
    },
  };
}
