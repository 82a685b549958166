import type { Template } from "../access/cloudformation.ts";
import { makeTemplate } from "../access/cloudformation.ts";
import type { Policy } from "../access/policies.ts";
import { makePolicies } from "../access/policies.ts";
import { identify, type Session } from "../workspace/session.ts";
import { makeScope, type SetupRequest } from "./setup-scope.ts";

/** What has to be there before a job can run, for this account. */
export interface Setup {
  readonly accountId: string;
  readonly region: string;
  readonly callerArn: string;
  readonly bucket: string;
  readonly roleArn: string;
  readonly policies: Readonly<Record<"trust" | "role" | "bucket" | "caller", Policy>>;
}

/**
 * Writes the policies of bucket, role and caller for this account. Nothing is made.
 * @param request for policies of these models only; every model where it has none
 */
export async function makeSetup(
  session: Session,
  request: Pick<SetupRequest, "models" | "isGlobalAllowed" | "isPrefixStrict">,
): Promise<Setup> {
  const identity = await identify(session);
  const scope = await makeScope(session, identity, request);
  const { accountId, region, bucket, roleArn } = scope;
  return { accountId, region, callerArn: identity.arn, bucket, roleArn, policies: makePolicies(scope) };
}

/** What setup would make, as a CloudFormation template. Nothing is made. */
export async function makeSetupTemplate(session: Session, request: SetupRequest): Promise<Template> {
  const identity = await identify(session);
  const scope = await makeScope(session, identity, request);
  return makeTemplate(scope, { expireDays: request.expireDays, callerArn: request.caller });
}
