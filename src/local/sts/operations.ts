/** Data: the operations of STS that are served, and the names of the others (STS API reference, 2011-06-15). */
import type { StsOperation } from "./context.ts";
import { assumeRole } from "./operations/assume-role.ts";
import { getAccessKeyInfo } from "./operations/get-access-key-info.ts";
import { getCallerIdentity } from "./operations/get-caller-identity.ts";
import { getSessionToken } from "./operations/get-session-token.ts";

export const stsOperations: readonly StsOperation[] = [
  assumeRole,
  getAccessKeyInfo,
  getCallerIdentity,
  getSessionToken,
];

/** They answer NotImplemented by name. */
export const stsNotBuilt: readonly string[] = [
  "AssumeRoleWithSAML",
  "AssumeRoleWithWebIdentity",
  "AssumeRoot",
  "DecodeAuthorizationMessage",
  "GetDelegatedAccessToken",
  "GetFederationToken",
  "GetWebIdentityToken",
];
