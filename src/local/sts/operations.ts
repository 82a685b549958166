/** The operations of STS (STS API reference, 2011-06-15). */
import { listOperations, nameOperations } from "../operation.ts";
import type { StsKind } from "./operation.ts";
import { assumeRole } from "./operations/assume-role.ts";
import { getAccessKeyInfo } from "./operations/get-access-key-info.ts";
import { getCallerIdentity } from "./operations/get-caller-identity.ts";
import { getSessionToken } from "./operations/get-session-token.ts";

export const stsOperations = listOperations<StsKind>({
  service: "STS",
  signingName: "sts",
  protocol: "query",
  operations: [assumeRole, getAccessKeyInfo, getCallerIdentity, getSessionToken],
  all: nameOperations(
    "action",
    `
    AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage
    GetDelegatedAccessToken GetFederationToken GetWebIdentityToken
  `,
  ),
});
