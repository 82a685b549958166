import { createHash } from "node:crypto";
import type { Template } from "../access/cloudformation.ts";
import type { Policy } from "../access/policy.ts";
import { openObjectStorage } from "../aws/s3.ts";
import type { Identity } from "../aws/sts.ts";
import { nameWorkspace, type SharedWorkspace } from "../config/read-config.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { makeScope } from "../setup/setup-scope.ts";
import { identify, type Session } from "../workspace/session.ts";
import { makeFunctionPolicy } from "./function-policy.ts";
import { makeZip, readBundle } from "./make-zip.ts";
import { makeFunctionTemplate, nameFunctionRole } from "./template.ts";

/** What a person may say of the function that is put up; workspace, bucket, prefix and role are the session's. */
export interface DeployRequest {
  /** Of stack, function and all that belongs to it. */
  readonly name: string;
  /** Aliases, ids or ARNs; every model where it is empty. */
  readonly models: readonly string[];
  readonly isGlobalAllowed: boolean;
  /** 1 to 1440. */
  readonly scheduleMinutes: number;
  /** The ARN of an SNS topic that is told of alarms. */
  readonly notifyTopic?: string;
}

/** A function as it would be put up. */
export interface Deployment {
  readonly identity: Identity;
  readonly workspace: SharedWorkspace;
  readonly name: string;
  readonly place: { readonly bucket: string; readonly prefix: string; readonly roleArn: string };
  readonly template: Template;
  readonly policy: Policy;
  readonly roleName: string;
  readonly zip: Uint8Array;
  /** Where the zip goes, in the workspace's bucket: its name is its content's, so that another bundle is an update. */
  readonly codeKey: string;
}

/** The workspace on S3 that a session has. @param what needs one @throws WORKSPACE_NOT_SHARED */
export function getShared({ config }: Pick<Session, "config">, what: string): SharedWorkspace {
  if (config.shared !== undefined) return config.shared;
  throw new HalfpriceError("WORKSPACE_NOT_SHARED", { workspace: nameWorkspace(config), what });
}

/** Makes template, policy and zip of a function; changes nothing. @throws WORKSPACE_NOT_SHARED, BAD_OPTIONS, ROLE_ACCOUNT, GLOBAL_ONLY */
export async function makeDeployment(session: Session, request: DeployRequest): Promise<Deployment> {
  const workspace = getShared(session, "halfprice deploy");
  const identity = await identify(session);
  const scope = { ...(await makeScope(session, identity, request)), name: request.name, workspace };
  await checkRegion(session, identity, workspace);
  const zip = makeZip(readBundle());
  const digest = createHash("sha256").update(zip).digest("hex").slice(0, 16);
  const codeKey = `${workspace.prefix}function/${digest}.zip`;
  const { scheduleMinutes, notifyTopic } = request;
  return {
    ...{ identity, workspace, name: request.name, zip, codeKey, roleName: nameFunctionRole(scope) },
    place: { bucket: scope.bucket, prefix: scope.prefix, roleArn: scope.roleArn },
    template: makeFunctionTemplate(scope, { workspaceUri: workspace.uri, codeKey, scheduleMinutes, notifyTopic }),
    policy: makeFunctionPolicy(scope),
  };
}

/** Lambda takes code from a bucket of its own region (sources#lambda-code). @throws BAD_OPTIONS */
async function checkRegion(
  { connection }: Session,
  { region, accountId }: Identity,
  { bucket }: SharedWorkspace,
): Promise<void> {
  const storage = openObjectStorage(connection);
  try {
    const found = await storage.readBucketRegion(bucket, accountId);
    if (found === undefined || found === region) return;
    const problems = [
      `the bucket ${bucket} of the workspace is in ${found}, and the function would be in ${region}; it has to be in the same region: --region ${found}, or another workspace`,
    ];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice deploy" });
  } finally {
    storage.close();
  }
}
