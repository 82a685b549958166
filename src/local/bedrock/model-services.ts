/** Bedrock, its runtime, Service Quotas and CloudWatch, made so that they share quotas, metrics and faults. */

import type { RuntimeLimits } from "../bedrock-runtime/throttle.ts";
import { makeMetricStore } from "../cloudwatch/metric-store.ts";
import { makeCloudWatchService } from "../cloudwatch/service.ts";
import { type AroundCall, makeAroundCall } from "../faults/around-call.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { readFaultPlan } from "../faults/read-fault-plan.ts";
import { makeSwitchedFaults, type SwitchedFaults } from "../faults/switched-faults.ts";
import type { JobDurations } from "../jobs/durations.ts";
import { type AnswersSetting, chooseAnswers } from "../models/answers/choose-answers.ts";
import { parseModelAccess } from "../models/model-access.ts";
import { makeQuotas, parseQuotaSetting, type QuotaSetting } from "../models/quotas.ts";
import type { LocalService } from "../service.ts";
import { makeServiceQuotasService } from "../service-quotas/service.ts";
import type { World } from "../world.ts";
import { type BedrockService, makeBedrockService } from "./service.ts";

export interface ModelOptions {
  /**
   * Batch quotas that are not at their defaults, as settings or as text: `min-records=10`,
   * `anthropic.claude-opus-5:jobs-in-flight=2`, `us-west-2/records-per-job=1000`. The last of the closest ones holds.
   */
  readonly quotas?: readonly (QuotaSetting | string)[] | undefined;
  /**
   * What the account has not got of models, as `lack` or `model id:lack`: `agreement`, `pending-agreement`, `use-case-form`,
   * `entitlement`, `authorization`. Default: it may use every one.
   */
  readonly modelAccess?: readonly string[] | undefined;
  /** What answers: `simulated` (default), `openai:<base url>[#model]`, or such a server with its details. */
  readonly answers?: AnswersSetting | undefined;
  /** The path of a JSON file that says how often simulated models are right; it takes the place of `answers`. Default: none. */
  readonly modelBehaviour?: string | undefined;
  /** How long jobs stay in each state, in milliseconds of the service's time. Default: as people report it of AWS. */
  readonly durations?: Partial<JobDurations> | undefined;
  /** Limits of InvokeModel and Converse, by the minute of the service's time. Default: none. */
  readonly runtimeLimits?: RuntimeLimits | undefined;
  /** What is to go wrong: a plan, or the path of a JSON file with one. Default: nothing. */
  readonly faults?: FaultPlan | string | undefined;
}

export interface ModelServices {
  readonly bedrock: BedrockService;
  readonly services: readonly LocalService[];
  /** What the gateway puts around every service's answers. */
  readonly aroundCall: AroundCall;
  readonly faults: SwitchedFaults;
}

/**
 * @throws RangeError for a quota, access or answers setting that cannot be read
 * @throws ModelBehaviourError for a file that describes no behaviour
 * @throws FaultPlanError for a fault plan that cannot be used
 */
export async function makeModelServices(world: World, options: ModelOptions = {}): Promise<ModelServices> {
  const settings = (options.quotas ?? []).map((setting) =>
    typeof setting === "string" ? parseQuotaSetting(setting) : setting,
  );
  const quotas = makeQuotas(settings);
  const metrics = makeMetricStore();
  const plan = options.faults === undefined ? undefined : await readFaultPlan(options.faults);
  const faults = makeSwitchedFaults(plan, world.clock);
  const fail = makeAroundCall(faults);
  const bedrock = makeBedrockService(world, {
    quotas,
    access: parseModelAccess(options.modelAccess),
    metrics,
    faults,
    answers: await chooseAnswers(options.answers, options.modelBehaviour),
    durations: options.durations,
    runtimeLimits: options.runtimeLimits,
  });
  return {
    bedrock,
    services: [bedrock, makeServiceQuotasService(world, quotas), makeCloudWatchService(world, metrics)],
    // Where no call is to fail, none need be named.
    aroundCall: (name, request, handle) => (faults.hasCallRules ? fail(name, request, handle) : handle(request)),
    faults,
  };
}
