/** The `faults` option: a plan, or the path of a JSON file with one. */
import { readFile } from "node:fs/promises";
import type { FaultPlan } from "./fault-plan.ts";
import { FaultPlanError, parseFaultPlan } from "./parse-fault-plan.ts";

/** @throws FaultPlanError where there is no such file, or no plan in it */
export async function readFaultPlan(option: FaultPlan | string): Promise<FaultPlan> {
  if (typeof option !== "string") return parseFaultPlan(option);
  let text: string;
  try {
    text = await readFile(option, "utf8");
  } catch (cause) {
    throw new FaultPlanError([`${option} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FaultPlanError([`${option} is no JSON: ${(cause as Error).message}`]);
  }
  return parseFaultPlan(value);
}
