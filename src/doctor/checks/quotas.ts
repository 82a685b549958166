import type { AppliedQuota, QuotaRequest } from "../../aws/service-quotas.ts";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { type CheckResult, fail, pass, skip, warn } from "./check.ts";

interface QuotaQuestion {
  readonly region: string;
  readonly label: string;
  /** The model's batch quotas; undefined where they cannot be read. */
  readonly quotas: readonly AppliedQuota[] | undefined;
  /** What was asked for and is not decided; undefined where it cannot be read. */
  readonly requests: readonly QuotaRequest[] | undefined;
}

/** How more of a quota is asked for. */
export function sayRequest({ code, isAdjustable, name }: AppliedQuota, desiredValue: number, region: string): string {
  if (!isAdjustable)
    return `${name} cannot be raised by a request: open a support case (https://console.aws.amazon.com/support/home#/case/create) and name it, ${region} and the value`;
  return `aws service-quotas request-service-quota-increase --service-code bedrock --quota-code ${code} --desired-value ${desiredValue} --region ${region}`;
}

/** What AWS gives at first, for a quota that is 0. @see limits.ts */
const usualJobs = 20;

/** Is one of the model's batch quotas 0? A request that is under way, a quota of 0 and an unknown model are told apart. */
export function checkQuotas({ region, label, quotas, requests }: QuotaQuestion): CheckResult {
  const subject = `quotas of ${label}`;
  if (quotas === undefined) return skip(subject, "not looked at: this caller has no servicequotas:ListServiceQuotas");
  if (quotas.length === 0)
    return warn(
      subject,
      `${region} lists no batch quota of this model: it may have no batch here; the documented limits are used`,
      {
        isLikely: true,
        fix: "halfprice doctor --probe asks the service itself; halfprice models lists what has batch",
      },
    );
  const pendingOf = (quota: AppliedQuota): QuotaRequest | undefined =>
    requests?.find(({ code }) => code === quota.code);
  // The minimum of records is better the lower it is.
  const empty = quotas.find(({ name, value }) => value === 0 && !/^minimum/i.test(name));
  if (empty !== undefined) {
    const pending = pendingOf(empty);
    const waits =
      pending === undefined ? "" : `; a request for ${pending.desiredValue} is under way (${pending.status})`;
    const fix =
      pending === undefined
        ? sayRequest(empty, /job|record/i.test(empty.name) && !/Records/.test(empty.name) ? usualJobs : 1000, region)
        : "wait until it is decided: aws service-quotas list-requested-service-quota-change-history --service-code bedrock";
    return fail(subject, new HalfpriceError("QUOTA_ZERO", { quota: empty.name, region, waits, fix }));
  }
  const pending = quotas.filter((quota) => pendingOf(quota) !== undefined);
  const waiting =
    pending.length === 0 ? "" : `; requests for more are under way for ${pending.map(({ name }) => name).join(", ")}`;
  return pass(subject, `${quotas.length} read, none is 0${waiting}`);
}

/** Whether a slot is free for a job. Over it, jobs wait for one: nothing fails. */
export function checkJobsInFlight(
  { region, label }: Pick<QuotaQuestion, "region" | "label">,
  quota: AppliedQuota | undefined,
  jobCount: number | undefined,
  wanted: number,
): CheckResult {
  const subject = "jobs under way";
  if (jobCount === undefined) return skip(subject, "not looked at: this caller has no bedrock:ListModelInvocationJobs");
  if (quota === undefined) return pass(subject, `${jobCount} of ${label}; the quota could not be read`);
  const finding = `${jobCount} of ${label}, of ${quota.value} that may be`;
  if (jobCount + wanted <= quota.value) return pass(subject, finding);
  return warn(
    subject,
    `${finding}: ${jobCount >= quota.value ? "no slot is free now" : "some jobs have to wait for a slot"}; run submits the rest as jobs end`,
    {
      fix: `wait, or ask for more: ${sayRequest(quota, Math.max(quota.value * 2, jobCount + wanted), region)}`,
    },
  );
}
