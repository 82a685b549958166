import { tryCanary } from "../../doctor/canary.ts";
import type { NamedResult } from "../../doctor/check-account.ts";
import { type Diagnosis, type DoctorTarget, diagnose } from "../../doctor/doctor.ts";
import { probeCreation } from "../../doctor/probe.ts";
import { makeRepairs, type PlannedRepair, planRepairs } from "../../doctor/repair.ts";
import { defined } from "../../foundation/defined.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { RunRequest } from "../../run/plan/choose-model.ts";
import type { Session } from "../../workspace/session.ts";
import { showRun } from "../../workspace/show-run.ts";
import type { BatchOptions } from "../batch-options.ts";
import { inLibrarySession } from "../library-session.ts";
import { batchOptionNames, refuseUnknownOptions } from "../option-names.ts";
import { type Batch, readBatch } from "../read-batch.ts";

/** What doctor looks at besides the account, and how far it goes. `canary` is asked after the checks, and not as a part of the batch's plan. */
export interface DoctorOptions extends BatchOptions {
  /** A batch, with its table and prompt. */
  readonly batch?: Batch;
  /** A run: why its jobs or rows failed, and whether it would go now. */
  readonly run?: string;
  readonly model?: string;
  /** Asks the service itself, with a job that cannot run. @defaultValue false */
  readonly probe?: boolean;
  /** Makes the changes that only add an Allow, and looks again. @defaultValue false */
  readonly fix?: boolean;
  /** Asked before whatever leaves a trace or costs something; without it, nothing does. */
  readonly confirm?: (step: DoctorStep) => boolean | Promise<boolean>;
  /** Is told each result as it comes. */
  readonly onResult?: (result: NamedResult) => void;
  /** Is told that changes were made: what comes after it was looked at again. */
  readonly onFixed?: () => void;
}

/** What doctor does only where it was confirmed: `repairs` is empty where nothing can be fixed by adding an Allow. */
export type DoctorStep =
  | { readonly kind: "probe" }
  | { readonly kind: "canary"; readonly rowCount: number }
  | { readonly kind: "fix"; readonly repairs: readonly PlannedRepair[] };

/** What doctor found. */
export interface DoctorReport {
  /** No check failed. */
  readonly isWell: boolean;
  /** Something was changed: the results are those of the second look. */
  readonly isFixed: boolean;
  readonly results: readonly NamedResult[];
  /** Who is calling, and where; absent where that is not known. */
  readonly caller?: { readonly accountId: string; readonly region: string; readonly arn: string };
}

const names = ["batch", "run", "model", "probe", "fix", "onResult", "onFixed"];

/**
 * Looks at everything that a run needs: caller, bucket, role, rights, model, quotas, table. Changes nothing, and asks no model, unless
 * `confirm` says yes to a step.
 * @throws BAD_OPTIONS, UNKNOWN_RUN, AMBIGUOUS_RUN, RUN_DAMAGED; what reading the batch throws
 */
export async function doctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  const { batch, run, model, canary, onResult = () => undefined, onFixed = () => undefined } = options;
  const { canary: _, confirm: __, ...ofBatch } = options;
  refuseUnknownOptions(ofBatch, [...batchOptionNames, ...names], "doctor");
  if (canary !== undefined) checkCanary(canary.count, batch);
  const request = batch === undefined ? undefined : await readBatch(batch, ofBatch, "doctor", names);
  return inLibrarySession(options, async (session) => {
    const shown = run === undefined ? undefined : await showRun(session, run);
    const isGlobalAllowed = options.allowGlobal === true ? true : undefined;
    const target: DoctorTarget = defined({ request, model, isGlobalAllowed, shown });
    const found = await diagnose(session, target, onResult);
    let results = [...found.results, ...(await askFurther(session, found, request, options))];
    const isFixed = options.fix === true && (await makeFixes(session, results, options));
    if (isFixed) {
      onFixed();
      results = [...(await diagnose(session, target, onResult)).results];
    }
    const isWell = results.every(({ status }) => status !== "fail");
    const { identity } = found;
    if (identity === undefined) return { isWell, isFixed, results };
    const { accountId, region, arn } = identity;
    return { isWell, isFixed, results, caller: { accountId, region, arn } };
  });
}

/** @throws BAD_OPTIONS */
function checkCanary(count: number, batch: Batch | undefined): void {
  const problems = [
    ...(batch === undefined ? ["canary needs a batch"] : []),
    ...(Number.isInteger(count) && count >= 1 && count <= 100 ? [] : [`canary.count is ${count}; it takes 1 to 100`]),
  ];
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "doctor" });
}

/** What leaves a trace or costs something: only where it was asked for, and confirmed. */
async function askFurther(
  session: Session,
  { identity, place, model }: Diagnosis,
  request: RunRequest | undefined,
  { probe, canary, confirm = () => false, onResult }: DoctorOptions,
): Promise<readonly NamedResult[]> {
  if (identity === undefined) return [];
  const results: NamedResult[] = [];
  const add = (result: NamedResult): void => {
    results.push(result);
    onResult?.(result);
  };
  if (probe === true && (await confirm({ kind: "probe" }))) {
    add(await probeCreation(session, identity, place, model));
  }
  if (canary !== undefined && request !== undefined && (await confirm({ kind: "canary", rowCount: canary.count }))) {
    add(await tryCanary(session, request, canary.count));
  }
  return results;
}

/** @returns whether anything was changed */
async function makeFixes(
  session: Session,
  results: readonly NamedResult[],
  { confirm = () => false }: DoctorOptions,
): Promise<boolean> {
  const repairs = planRepairs(results);
  if (!(await confirm({ kind: "fix", repairs })) || repairs.length === 0) return false;
  await makeRepairs(session, repairs);
  return true;
}
