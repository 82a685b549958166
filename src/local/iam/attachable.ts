/** Which managed policies can be attached, and which may be deleted. */
import { QueryError } from "../wire/query-error.ts";
import type { IamStore } from "./store.ts";

/** AWS's own policies are all taken to exist; the account's must have been made. @throws QueryError InvalidInput, NoSuchEntity */
export function checkAttachable(arn: string, store: IamStore): void {
  if (!/^arn:[\w-]+:iam::(?:aws|\d{12}):policy\/.+$/.test(arn)) {
    throw new QueryError("InvalidInput", 400, `ARN ${arn} is not valid.`);
  }
  if (!arn.includes("::aws:policy/") && store.data.policies[arn] === undefined) {
    throw new QueryError("NoSuchEntity", 404, `Policy ${arn} does not exist or is not attachable.`);
  }
}

/** Whether a user or role has the policy. */
export const isAttached = (arn: string, store: IamStore): boolean =>
  [...Object.values(store.data.roles), ...store.listUsers()].some(({ attached }) => attached.includes(arn));
