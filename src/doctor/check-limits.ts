import { readBedrockQuotas, readQuotaRequests } from "../aws/service-quotas.ts";
import { isError } from "../foundation/errors/index.ts";
import type { ModelChoice } from "../foundation/types/index.ts";
import { findJobLimits, findQuotas } from "../plan/job-limits.ts";
import { readSlots } from "../run/plan/read-quotas.ts";
import type { Session } from "../workspace/session.ts";
import type { NamedResult } from "./check-account.ts";
import { checkJobsInFlight, checkQuotas } from "./checks/quotas.ts";

/**
 * The account's quotas for a model, and what of them is taken.
 * @param wanted jobs that a run would start
 * @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function* checkLimits(
  session: Session,
  region: string,
  model: ModelChoice,
  wanted: number,
): AsyncGenerator<NamedResult> {
  const connection = { ...session.connection, region };
  const label = model.quotaLabel ?? model.label;
  const all = await orUndefined(() => readBedrockQuotas(connection));
  const found = all === undefined ? undefined : findQuotas(all, label);
  const quotas = found === undefined ? undefined : Object.values(found);
  const requests = quotas === undefined ? undefined : await orUndefined(() => readQuotaRequests(connection));
  yield { check: "quotas", ...checkQuotas({ region, label: model.label, quotas, requests }) };
  const limits = findJobLimits(quotas ?? [], label);
  const slots = await readSlots({ ...session, connection }, model, limits);
  const quota = found?.maxJobsInFlight;
  yield {
    check: "jobs-under-way",
    ...checkJobsInFlight({ region, label: model.label }, quota, slots?.inFlight, wanted),
  };
}

/** What a caller may not read is not known. */
async function orUndefined<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isError(error, "SERVICE_REFUSED")) return undefined;
    throw error;
  }
}
