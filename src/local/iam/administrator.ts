/** The user whose key `env` hands out. */
import type { User } from "./store.ts";

/** @param caller as the key ring knows it */
export const makeAdministrator = (caller: { readonly arn: string; readonly userId: string }): User => ({
  name: caller.arn.slice(caller.arn.lastIndexOf("/") + 1),
  path: "/",
  id: caller.userId,
  arn: caller.arn,
  createdAtMs: Date.UTC(2024, 0, 1),
  tags: [],
  inline: {},
  attached: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  keys: [],
});
