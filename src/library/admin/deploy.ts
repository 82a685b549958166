import type { Template } from "../../access/cloudformation.ts";
import type { Policy } from "../../access/policy.ts";
import { type Deployment, type DeployRequest, makeDeployment } from "../../deploy/deployment.ts";
import { applyStack, lookAtStack, removeStack, type StackAction } from "../../deploy/stack.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { identify, type Session } from "../../workspace/session.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/** A function that works on the runs of a workspace on S3 while nobody watches. */
export interface FunctionOptions extends SessionOptions {
  /** Of the stack, the function and all that belongs to it: up to 40 letters, digits and hyphens. @defaultValue "halfprice" */
  readonly name?: string;
  /** The function may use these models only. @defaultValue every model */
  readonly models?: readonly string[];
  /** Where the region has no other profile of a model, the global one is used. @defaultValue false */
  readonly allowGlobal?: boolean;
  /** How often it makes a pass besides those when jobs end, 1 to 1440. @defaultValue 5 */
  readonly scheduleMinutes?: number;
  /** The ARN of an SNS topic that is told of alarms. */
  readonly notifyTopic?: string;
}

/** A function as it would be put up. */
export interface FunctionFiles {
  readonly account: { readonly accountId: string; readonly region: string; readonly arn: string };
  readonly name: string;
  /** `s3://bucket/prefix` */
  readonly workspace: string;
  /** Where the runs' jobs work. */
  readonly place: { readonly bucket: string; readonly prefix: string; readonly roleArn: string };
  readonly template: Template;
  /** What the function may do, as it is in the template. */
  readonly policy: Policy;
  readonly roleName: string;
  /** The function's code, and where the template expects it. */
  readonly zip: Uint8Array;
  readonly codeUri: string;
}

/** How a function is put up. */
export interface DeployOptions extends FunctionOptions {
  /** Asked before anything is made; without it nothing is. */
  readonly confirm?: (plan: DeployPlan) => boolean | Promise<boolean>;
}

/** What would be done. */
export interface DeployPlan extends FunctionFiles {
  readonly isThere: boolean;
  /** The template of the stack that is there. */
  readonly before?: unknown;
}

/** What was done, or would be. */
export interface DeployReport extends DeployPlan {
  readonly isApplied: boolean;
  readonly action: StackAction;
  /** What the stack says of itself: names of function, role, log and queue. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** How a function is taken away. */
export interface UndeployOptions extends SessionOptions {
  readonly name?: string;
  /** Asked before anything is removed; without it nothing is. */
  readonly confirm?: (plan: { readonly name: string; readonly isThere: boolean }) => boolean | Promise<boolean>;
}

const functionNames = ["name", "models", "allowGlobal", "scheduleMinutes", "notifyTopic"];
const usualName = "halfprice";
const bounds = { schedule: { least: 1, usual: 5, most: 1440 } } as const;

/**
 * Template, policy and code of a function that makes passes over the runs of a workspace on S3. Makes nothing.
 * @throws WORKSPACE_NOT_SHARED, BAD_OPTIONS, ROLE_ACCOUNT, GLOBAL_ONLY; UNREACHABLE, CREDENTIALS_REFUSED, SERVICE_REFUSED
 */
export async function makeFunction(options: FunctionOptions = {}): Promise<FunctionFiles> {
  refuseUnknownOptions(options, functionNames, "makeFunction");
  const request = toRequest(options, "makeFunction");
  return inLibrarySession(options, async (session) => toFiles(await makeDeployment(session, request)));
}

/**
 * Puts up a function that makes passes over the runs of a workspace on S3, through CloudFormation, or changes the one that is there. Makes
 * nothing unless `confirm` says yes.
 * @throws what `makeFunction` throws; DEPLOY_FAILED
 */
export async function deploy(options: DeployOptions = {}): Promise<DeployReport> {
  refuseUnknownOptions(options, [...functionNames, "confirm"], "deploy");
  const request = toRequest(options, "deploy");
  refuseLocal(options, "deploy");
  return inLibrarySession(options, async (session) => {
    const deployment = await makeDeployment(session, request);
    session.onStep("looking for the stack");
    const { isThere, template: before } = await lookAtStack(session, deployment.name);
    const plan = { ...toFiles(deployment), isThere, ...defined({ before }) };
    const isWanted = options.confirm !== undefined && (await options.confirm(plan));
    if (!isWanted) return { ...plan, isApplied: false, action: isThere ? "update" : "create", outputs: {} };
    return { ...plan, isApplied: true, ...(await applyStack(session, deployment)) };
  });
}

/**
 * Takes a function away with all that was made for it; the workspace and its runs stay. Removes nothing unless `confirm` says yes.
 * @throws BAD_OPTIONS, DEPLOY_FAILED; UNREACHABLE, CREDENTIALS_REFUSED, SERVICE_REFUSED
 */
export async function undeploy(
  options: UndeployOptions = {},
): Promise<{ readonly name: string; readonly action: StackAction; readonly isApplied: boolean }> {
  refuseUnknownOptions(options, ["name", "confirm"], "undeploy");
  const { name } = toRequest(options, "undeploy");
  refuseLocal(options, "undeploy");
  return inLibrarySession(options, async (session: Session) => {
    const { isThere } = await lookAtStack(session, name);
    const isWanted = options.confirm !== undefined && (await options.confirm({ name, isThere }));
    if (!isWanted || !isThere) return { name, action: isThere ? "remove" : "gone", isApplied: false };
    const { region } = await identify(session);
    const { action } = await removeStack(session, name, region);
    return { name, action, isApplied: true };
  });
}

const toFiles = (deployment: Deployment): FunctionFiles => {
  const { identity, workspace, name, place, template, policy, roleName, zip, codeKey } = deployment;
  const { accountId, region, arn } = identity;
  return {
    account: { accountId, region, arn },
    ...{ name, workspace: workspace.uri, place, template, policy, roleName, zip },
    codeUri: `s3://${workspace.bucket}/${codeKey}`,
  };
};

/** @throws BAD_OPTIONS */
function refuseLocal({ local }: SessionOptions, command: string): void {
  if (local !== true) return;
  const problems = ["local is true; the local service has no Lambda: a pass there is made by halfprice collect"];
  throw new HalfpriceError("BAD_OPTIONS", { problems, command });
}

/** @throws BAD_OPTIONS */
function toRequest(options: FunctionOptions, command: string): DeployRequest {
  const { name = usualName, models = [], allowGlobal, notifyTopic } = options;
  const { least, usual, most } = bounds.schedule;
  const { scheduleMinutes = usual } = options;
  const problems: string[] = [];
  // A stack's name, within what is left of a role's 64 letters beside the region.
  if (!/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/.test(name))
    problems.push(
      `name is ${JSON.stringify(name)}; it has to be a letter and up to 39 more letters, digits and hyphens`,
    );
  if (!Number.isInteger(scheduleMinutes) || scheduleMinutes < least || scheduleMinutes > most)
    problems.push(`scheduleMinutes is ${scheduleMinutes}; it has to be a whole number from ${least} to ${most}`);
  if (notifyTopic !== undefined && !/^arn:aws(-[^:]+)?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(notifyTopic))
    problems.push(`notifyTopic is ${JSON.stringify(notifyTopic)}; it has to be the ARN of an SNS topic`);
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return { name, models, isGlobalAllowed: allowGlobal === true, scheduleMinutes, ...defined({ notifyTopic }) };
}
