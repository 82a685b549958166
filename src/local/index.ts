/** `halfprice/local`: S3, Bedrock and what a batch job needs of AWS, on a loopback port. */
export { type Clock, makeRunningClock, makeSteppedClock, type SteppedClock } from "./clock.ts";
export { DataDirInUse, findOwner, type Owner } from "./data-dir.ts";
export type { FaultPlan } from "./faults/fault-plan.ts";
export { FaultPlanError } from "./faults/parse-fault-plan.ts";
export { ModelBehaviourError } from "./models/behaviour/read-behaviour.ts";
export { type LocalEnv, type LocalOptions, type LocalServer, startLocal } from "./start-local.ts";
