import { bedrockKey, findEnvironmentRegion } from "../aws/environment/variables.ts";
import { readModelsBehind } from "../aws/model-reading.ts";
import type { Identity } from "../aws/sts.ts";
import { defined } from "../foundation/defined.ts";
import { type HalfpriceError, isError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import { resolveModel } from "../models/resolve-model.ts";
import { askJobs } from "../run/clients/ask-jobs.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import { findReading } from "../workspace/model-readings.ts";
import type { RunPlace } from "../workspace/run-file.ts";
import { identify, type Session, toOrigin } from "../workspace/session.ts";
import type { ShownRun } from "../workspace/show-run.ts";
import type { NamedResult } from "./check-account.ts";
import { checkAccount } from "./check-account.ts";
import { checkLimits } from "./check-limits.ts";
import { checkRun } from "./check-run.ts";
import { checkTable } from "./check-table.ts";
import { fail, skip } from "./checks/check.ts";
import { checkBedrockKey, checkClock, checkCredentials, checkIdentity } from "./checks/identity.ts";
import { checkSoftware } from "./checks/software.ts";

/** What is looked at: nothing but the account, a model, a table with its prompt, or a run. */
export interface DoctorTarget {
  readonly request?: RunRequest;
  readonly model?: string;
  /** Whether the global profile may be used where the region has no other. */
  readonly isGlobalAllowed?: boolean;
  readonly shown?: ShownRun;
}

/** What was found, and how often. */
export interface Diagnosis {
  readonly results: readonly NamedResult[];
  readonly identity: Identity | undefined;
  readonly place: Partial<RunPlace>;
  readonly model: ModelChoice | undefined;
}

/** Without anybody known to be calling, a table can be looked at all the same. */
const nobody: Omit<Identity, "region"> = { accountId: "000000000000", arn: "", isLocal: false };

/**
 * Every check that can be made with what is given, what decides most first. Reads only.
 * @param onResult is told each result as it comes
 */
export async function diagnose(
  session: Session,
  target: DoctorTarget,
  onResult: (result: NamedResult) => void,
): Promise<Diagnosis> {
  const results: NamedResult[] = [];
  const add = (result: NamedResult): void => {
    results.push(result);
    onResult(result);
  };
  const identity = await findIdentity(session, add);
  add({ check: "software", ...checkSoftware(process.versions.node) });
  const region = identity?.region ?? session.config.region ?? findEnvironmentRegion() ?? "us-east-1";
  let model = target.shown?.run.model;
  let jobCount = 1;
  if (target.request !== undefined) {
    const found = await checkTable(session, target.request, identity ?? { ...nobody, region });
    for (const result of found.results) add(result);
    model =
      found.model ??
      (await tryModel(
        session,
        target.request.model ?? target.request.prompt.settings.model,
        identity,
        { region, isGlobalAllowed: target.request.options.isGlobalAllowed === true },
        () => undefined,
      ));
    jobCount = found.plan?.shards.length ?? 1;
  } else if (target.model !== undefined) {
    model = await tryModel(
      session,
      target.model,
      identity,
      { region, isGlobalAllowed: target.isGlobalAllowed === true },
      (error) => add({ check: "model-name", ...fail(`model ${target.model}`, error) }),
    );
  }
  const place = findPlace(session, target);
  if (target.shown !== undefined) {
    const { row, shards } = target.shown;
    const asked = identity === undefined ? undefined : await askJobs(session, row, shards);
    for (const result of checkRun(target.shown, identity, asked)) add(result);
    if (results.some(({ check, status }) => check === "run-origin" && status === "fail")) {
      add({ check: "account", ...skip("account", "not looked at: the run belongs to another one") });
      return { results, identity, place, model };
    }
  }
  if (identity === undefined) {
    add({ check: "account", ...skip("account", "not looked at: it is not known who is calling") });
    return { results, identity, place, model };
  }
  try {
    for await (const result of checkAccount({ session, identity, place, model, isWhole: true })) add(result);
    if (model !== undefined) {
      for await (const result of checkLimits(session, region, model, jobCount)) add(result);
    }
  } catch (error) {
    if (!isError(error)) throw error;
    add({ check: "account", ...fail("account", error) });
  }
  return { results, identity, place, model };
}

async function findIdentity(session: Session, add: (result: NamedResult) => void): Promise<Identity | undefined> {
  try {
    const identity = await identify(session);
    add({ check: "identity", ...checkIdentity(identity) });
    if (process.env[bedrockKey])
      add({ check: "bedrock-identity", ...checkBedrockKey(identity, process.env[bedrockKey]) });
    add({ check: "clock", ...checkClock(identity, session.nowMs()) });
    add({ check: "credentials", ...checkCredentials(identity, session.nowMs()) });
    return identity;
  } catch (error) {
    if (!isError(error)) throw error;
    add({ check: "identity", ...fail("identity", error) });
    return undefined;
  }
}

async function tryModel(
  { config, connection, nowMs }: Session,
  model: string | undefined,
  identity: Identity | undefined,
  where: { readonly region: string; readonly isGlobalAllowed: boolean },
  onFailure: (error: HalfpriceError) => void,
): Promise<ModelChoice | undefined> {
  if (model === undefined) return undefined;
  try {
    const reading = identity === undefined ? undefined : findReading(config.workspace, toOrigin(identity));
    const here = { ...connection, region: where.region };
    const behind = identity === undefined ? undefined : await readModelsBehind(here, model);
    return resolveModel({ model, ...where, nowMs: nowMs(), reading, behind });
  } catch (error) {
    if (!isError(error)) throw error;
    onFailure(error);
    return undefined;
  }
}

/** A run's own place wins: its jobs work there. */
function findPlace({ config }: Session, { shown }: DoctorTarget): Partial<RunPlace> {
  if (shown?.run.place !== undefined) return shown.run.place;
  const { bucket, roleArn, prefix, kmsKey } = config;
  return {
    prefix,
    ...defined({ bucket, roleArn, kmsKey }),
  };
}
