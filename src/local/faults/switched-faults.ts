/** Faults that can be switched while the service runs. */
import type { Clock } from "../clock.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { type Faults, makeFaults, noFaults } from "./faults.ts";

export interface SwitchedFaults extends Faults {
  /** The plan that holds now. */
  readonly plan: FaultPlan | undefined;
  /** Whether a call can be concerned: else none need be named. */
  readonly hasCallRules: boolean;
  /** From here on another plan holds, or none; what a rule had counted begins anew. A job that has begun keeps what it was given. */
  set(plan: FaultPlan | undefined): void;
}

export function makeSwitchedFaults(first: FaultPlan | undefined, clock: Clock): SwitchedFaults {
  let plan = first;
  let faults = first === undefined ? noFaults : makeFaults(first, clock);
  return {
    get plan() {
      return plan;
    },
    get hasCallRules() {
      return (plan?.calls?.length ?? 0) > 0;
    },
    set(next) {
      plan = next;
      faults = next === undefined ? noFaults : makeFaults(next, clock);
    },
    forCall: (operation, path) => faults.forCall(operation, path),
    forJob: (job) => faults.forJob(job),
    hasRecordRules: (jobName) => faults.hasRecordRules(jobName),
    forRecord: (jobName, recordId) => faults.forRecord(jobName, recordId),
  };
}
