/** A fault plan at work: which rule holds for a call, a job, a record. */
import type { Clock } from "../clock.ts";
import { hashText } from "../models/seed.ts";
import { makeRandom } from "../random.ts";
import type { CallFault, CallRule, FaultPlan, JobFault, JobRule, RecordFault, RecordRule } from "./fault-plan.ts";

export interface Faults {
  /** @param path decoded */
  forCall(operation: string, path: string): CallFault | undefined;
  /** The same answer for the same job, as often as it is asked. */
  forJob(job: { readonly id: string; readonly name: string; readonly modelId: string }): JobFault | undefined;
  /** Whether any record of a job can be concerned; asked once a job, so that the rest cost nothing. */
  hasRecordRules(jobName: string): boolean;
  /** The same answer for the same record of the same job's name. */
  forRecord(jobName: string, recordId: string): RecordFault | undefined;
}

export const noFaults: Faults = {
  forCall: () => undefined,
  forJob: () => undefined,
  hasRecordRules: () => false,
  forRecord: () => undefined,
};

/** `*` stands for any letters. */
function makeMatcher(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined || pattern === "*") return () => true;
  const regex = new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );
  return (text) => regex.test(text);
}

/** Counts what a rule is about, and says whether it holds this time. @param draw in [0, 1) */
function makeChance({ probability = 1, after = 0, times = Number.POSITIVE_INFINITY }: CallRule | JobRule | RecordRule) {
  let seen = 0;
  let used = 0;
  return (draw: () => number): boolean => {
    if (seen++ < after || used >= times) return false;
    if (probability < 1 && draw() >= probability) return false;
    used++;
    return true;
  };
}

export function makeFaults(plan: FaultPlan, clock: Clock): Faults {
  const seed = plan.seed ?? 1;
  const startedAtMs = clock.nowMs();
  const calls = (plan.calls ?? []).map((rule, index) => ({
    rule,
    isFor: makeMatcher(rule.operation),
    holds: makeChance(rule),
    random: makeRandom(seed + index),
  }));
  const jobs = (plan.jobs ?? []).map((rule) => ({
    rule,
    isJob: makeMatcher(rule.job),
    isModel: makeMatcher(rule.model),
    holds: makeChance(rule),
  }));
  const records = (plan.records ?? []).map((rule) => ({
    rule,
    isJob: makeMatcher(rule.job),
    isRecord: makeMatcher(rule.record),
    holds: makeChance(rule),
  }));
  const ofJob = new Map<string, JobFault | undefined>();
  const drawFor = (text: string) => (): number => makeRandom(hashText(`${seed} ${text}`))();

  return {
    forCall(operation, path) {
      const seconds = (clock.nowMs() - startedAtMs) / 1000;
      return calls.find(
        ({ rule, isFor, holds, random }) =>
          isFor(operation) &&
          (rule.path === undefined || path.includes(rule.path)) &&
          seconds >= (rule.fromSeconds ?? 0) &&
          seconds < (rule.untilSeconds ?? Number.POSITIVE_INFINITY) &&
          holds(random),
      )?.rule.fault;
    },
    forJob({ id, name, modelId }) {
      if (!ofJob.has(id)) {
        const draw = drawFor(`job ${name}`);
        ofJob.set(
          id,
          jobs.find(({ isJob, isModel, holds }) => isJob(name) && isModel(modelId) && holds(draw))?.rule.fault,
        );
      }
      return ofJob.get(id);
    },
    hasRecordRules: (jobName) => records.some(({ isJob }) => isJob(jobName)),
    forRecord: (jobName, recordId) =>
      records.find(
        ({ isJob, isRecord, holds }, index) =>
          isJob(jobName) && isRecord(recordId) && holds(drawFor(`record ${index} ${jobName} ${recordId}`)),
      )?.rule.fault,
  };
}
