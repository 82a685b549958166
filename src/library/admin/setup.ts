import type { Template } from "../../access/cloudformation.ts";
import type { PlannedPart } from "../../access/plan-parts.ts";
import type { Advice } from "../../doctor/advise-role.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { makeSetup, makeSetupTemplate, type Setup } from "../../setup/make-setup.ts";
import { type OpenedSetup, openSetup } from "../../setup/set-up.ts";
import type { SetupRequest } from "../../setup/setup-scope.ts";
import { type OpenedUndo, openUndo, type UndoStep } from "../../setup/undo-setup.ts";
import type { Session } from "../../workspace/session.ts";
import type { SessionOptions } from "../batch-options.ts";
import { inLibrarySession, readLibraryConfig } from "../library-session.ts";
import { refuseUnknownOptions } from "../option-names.ts";

/** What role and caller may do, and how long files are kept. */
export interface PolicyOptions extends SessionOptions {
  /** Role and caller may use these models only. @defaultValue every model */
  readonly models?: readonly string[];
  /** Where the region has no other profile of a model, the global one is used. @defaultValue false */
  readonly allowGlobal?: boolean;
  /** The role may list below the prefix only. @defaultValue false */
  readonly strictPrefix?: boolean;
  /** The ARN of the user or role that is to run halfprice. @defaultValue who calls */
  readonly caller?: string;
  /** Days after which files of runs are removed from the bucket; 8 to 9999. @defaultValue 30 */
  readonly expireDays?: number;
}

/** What setup makes, and for whom. */
export interface SetupOptions extends PolicyOptions {
  /** The caller may also read what doctor looks at. @defaultValue false */
  readonly withDoctor?: boolean;
  /** Adds to the policy of the KMS key what it lacks. @defaultValue false */
  readonly changeKeyPolicy?: boolean;
  /** Writes bucket and role into `halfprice.config.json` of the working folder, too. @defaultValue false */
  readonly writeConfig?: boolean;
  /** Takes back what setup made, instead. @defaultValue false */
  readonly undo?: boolean;
  /** Asked before anything is written; without it nothing is, and the steps are what would be done. */
  readonly confirm?: (steps: readonly SetupStep[], plan: SetupPlan) => boolean | Promise<boolean>;
  /** Is told each step that was done. */
  readonly onDone?: (step: SetupStep) => void;
}

/** One thing that setup makes, changes, keeps, removes or leaves. */
export interface SetupStep {
  readonly name: string;
  readonly action: "create" | "change" | "keep" | UndoStep["action"];
  /** What it is for, in a few words; of an undo, why it is left. */
  readonly about?: string;
  /** What the step is about; absent for an undo. */
  readonly key?: PlannedPart["key"];
  /** The document as it is now, and as it would be. */
  readonly before: unknown;
  readonly after: unknown;
}

/** For whom and where setup works. An undo has none of it. */
export interface SetupPlan {
  /** Who calls. */
  readonly account?: { readonly accountId: string; readonly region: string; readonly arn: string };
  readonly place?: { readonly bucket: string; readonly prefix: string; readonly roleArn: string };
  /** Who is to run halfprice. */
  readonly callerArn?: string;
  /** What setup does not do by itself, and somebody should. */
  readonly advice: readonly Advice[];
}

/** What setup did, or would do. */
export interface SetupReport extends SetupPlan {
  readonly isApplied: boolean;
  readonly steps: readonly SetupStep[];
}

const policyNames = ["models", "allowGlobal", "strictPrefix", "caller", "expireDays"];
const setupNames = [...policyNames, "withDoctor", "changeKeyPolicy", "writeConfig", "undo", "confirm", "onDone"];

/**
 * Makes bucket, role and policies for runs, or takes them back. Writes nothing unless `confirm` says yes.
 * @throws SETUP_DENIED, BAD_OPTIONS; UNREACHABLE, CREDENTIALS_REFUSED; UNDO_CONFLICT
 */
export async function setup(options: SetupOptions = {}): Promise<SetupReport> {
  refuseUnknownOptions(options, setupNames, "setup");
  const request = toSetupRequest(options, "setup");
  return inSetupSession(options, async (session) => {
    const opened = options.undo === true ? await startUndo(session) : await startSetup(session, request, options);
    const { steps, plan, close } = opened;
    try {
      const isApplied = options.confirm !== undefined && (await options.confirm(steps, plan));
      if (isApplied) await opened.apply(options.onDone ?? (() => undefined));
      return { isApplied, steps, ...plan };
    } finally {
      close();
    }
  });
}

/** The policies of bucket, role and caller for an account. Makes nothing. @throws BAD_OPTIONS, ROLE_ACCOUNT, GLOBAL_ONLY */
export async function makePolicies(options: PolicyOptions = {}): Promise<Setup> {
  refuseUnknownOptions(options, policyNames, "makePolicies");
  const request = toSetupRequest(options, "makePolicies");
  return inSetupSession(options, (session) => makeSetup(session, request));
}

/** A CloudFormation template that makes what setup makes. Makes nothing. @throws BAD_OPTIONS, GLOBAL_ONLY */
export async function makeTemplate(options: PolicyOptions = {}): Promise<Template> {
  refuseUnknownOptions(options, policyNames, "makeTemplate");
  const request = toSetupRequest(options, "makeTemplate");
  return inSetupSession(options, (session) => {
    // A role that was written into the settings is not one that the template could make.
    const config = { ...session.config, roleArn: undefined };
    return makeSetupTemplate({ ...session, config }, request);
  });
}

/** The local service brings a bucket and a role of its own; setup makes those that it would make on AWS. */
async function inSetupSession<Result>(
  options: SessionOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  if (options.local !== true) return inLibrarySession(options, work);
  const { bucket, prefix, roleArn, kmsKey, vpc } = await readLibraryConfig(options);
  return inLibrarySession(options, (session) =>
    work({ ...session, config: { ...session.config, bucket, prefix, roleArn, kmsKey, vpc } }),
  );
}

interface OpenedSteps {
  readonly steps: readonly SetupStep[];
  readonly plan: SetupPlan;
  readonly apply: (onDone: (step: SetupStep) => void) => Promise<void>;
  readonly close: () => void;
}

async function startSetup(session: Session, request: SetupRequest, options: SetupOptions): Promise<OpenedSteps> {
  const isWritten = options.writeConfig === true && options.local !== true;
  const opened: OpenedSetup = await openSetup(session, request, isWritten ? process.cwd() : undefined);
  const { identity, scope, callerArn, parts, advice } = opened.plan;
  const { accountId, region, arn } = identity;
  const { bucket, prefix, roleArn } = scope;
  return {
    steps: parts.map(toStep),
    plan: { account: { accountId, region, arn }, place: { bucket, prefix, roleArn }, callerArn, advice },
    apply: (onDone) => opened.apply((part) => onDone(toStep(part))),
    close: opened.close,
  };
}

const toStep = ({ name, action, about, key, before, after }: PlannedPart): SetupStep => ({
  ...{ name, action, about, key, before, after },
});

async function startUndo(session: Session): Promise<OpenedSteps> {
  const opened: OpenedUndo = await openUndo(session);
  return {
    steps: opened.steps.map(toUndoneStep),
    plan: { advice: [] },
    apply: (onDone) => opened.apply((step) => onDone(toUndoneStep(step))),
    close: opened.close,
  };
}

const toUndoneStep = ({ name, action, why, now, before }: UndoStep): SetupStep => ({
  ...{ name, action, before: now, after: before },
  ...defined({ about: why }),
});

/** @throws BAD_OPTIONS */
function toSetupRequest(options: SetupOptions, command: string): SetupRequest {
  const { models = [], expireDays = 30, caller, allowGlobal, strictPrefix, withDoctor, changeKeyPolicy } = options;
  if (!Number.isInteger(expireDays) || expireDays < 8 || expireDays > 9999) {
    const problems = [`expireDays is ${expireDays}; it has to be a whole number from 8 to 9999: a job may take a week`];
    throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  }
  return {
    ...{ models, expireDays, isGlobalAllowed: allowGlobal === true, isPrefixStrict: strictPrefix === true },
    ...{ withDoctor: withDoctor === true, changeKeyPolicy: changeKeyPolicy === true },
    ...defined({ caller }),
  };
}
