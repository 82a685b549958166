import type { Identity } from "../aws/sts.ts";
import { isError } from "../foundation/errors/index.ts";
import type { ModelChoice, Plan } from "../foundation/types/index.ts";
import { checkCost } from "../plan/check-cost.ts";
import { checkPlan } from "../plan/check-plan.ts";
import type { RunRequest } from "../run/plan/choose-model.ts";
import type { PlannedRun } from "../run/plan/plan-run.ts";
import { dropDraft, planRun } from "../run/plan/plan-run.ts";
import type { Session } from "../workspace/session.ts";
import { listRuns } from "../workspace/show-run.ts";
import type { NamedResult } from "./check-account.ts";
import type { CheckResult } from "./checks/check.ts";
import { fail } from "./checks/check.ts";
import { checkEarlierRuns, describeCost, describePlan, describeRecords } from "./checks/plan.ts";

/** What was found out about a table and a prompt. */
export interface TableFindings {
  readonly results: readonly NamedResult[];
  readonly plan: Plan | undefined;
  readonly model: ModelChoice | undefined;
}

/** Which check an error of the plan belongs to; every other one is the table's. */
const checkOfCode: Readonly<Record<string, string>> = {
  UNKNOWN_MODEL: "model-name",
  UNKNOWN_FAMILY: "model-name",
  NO_BATCH: "model-name",
  REFUSED_PARAMETER: "parameters",
  BAD_OPTIONS: "parameters",
  UNKNOWN_COLUMN: "prompt",
  BAD_PROMPT: "prompt",
  BAD_SCHEMA: "prompt",
  PROMPT_FAILED: "prompt",
  BAD_REQUESTS: "requests",
  MIXED_REQUESTS: "requests",
  ALL_EMPTY: "cells",
  RECORD_TOO_LARGE: "record-size",
};

/**
 * The checks that need no account: they catch nearly all that ends in a paid run with nothing to show. Plans the run and
 * drops it again.
 * @param identity who is calling, or somebody made up where nobody is known
 */
export async function checkTable(session: Session, request: RunRequest, identity: Identity): Promise<TableFindings> {
  let planned: PlannedRun;
  try {
    planned = await planRun(session, request, { known: identity });
  } catch (error) {
    if (!isError(error) || error.code === "BUG" || error.code === "DISK") throw error;
    const check = checkOfCode[error.code] ?? "table";
    return { results: [{ check, ...fail(request.table, error) }], plan: undefined, model: undefined };
  }
  dropDraft(planned);
  const { plan, unfinished } = planned;
  const results: NamedResult[] = [];
  const add = (check: string, result: CheckResult): number => results.push({ check, ...result });
  const { caps } = planned;
  const isCapped = request.options.maxCostUsd !== undefined;
  const hold = (subject: string, check: () => void, held: CheckResult): CheckResult => {
    try {
      check();
      return held;
    } catch (error) {
      if (isError(error)) return fail(subject, error);
      throw error;
    }
  };
  add(
    "records",
    hold("records", () => checkPlan(plan, request.table), describeRecords(plan)),
  );
  for (const [check, result] of Object.entries(
    describePlan(plan, planned.run.invocation, request.prompt.kind === "raw"),
  ))
    add(check, result);
  add(
    "cost",
    hold("cost", () => checkCost(plan.model.label, plan.costUsd?.high, caps), describeCost(plan, isCapped)),
  );
  add("same-work", checkEarlierRuns(unfinished?.id, await findFinished(session, planned.run.fingerprint)));
  return { results, plan, model: plan.model };
}

async function findFinished(session: Session, fingerprint: string): Promise<string | undefined> {
  return (await listRuns(session)).find((row) => row.fingerprint === fingerprint && row.state === "done")?.id;
}
