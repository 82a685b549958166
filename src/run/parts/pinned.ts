import type { Identity } from "../../aws/sts.ts";
import type { Plan } from "../../foundation/types/index.ts";
import { findRequestFamily } from "../../models/families/index.ts";
import type { RunFile } from "../../workspace/run-file.ts";
import type { Pinned } from "../plan/plan-context.ts";

/** Model, prices, parameters and limits of a run, as every part of it has them: whoever prepares a part asks nobody. */
export function pinRun(run: RunFile, { limits }: Pick<Plan, "limits">): Pinned {
  const { model: choice, invocation, structured, parameters, origin } = run;
  const family = findRequestFamily(choice.family, invocation);
  if (family === undefined) throw new Error(`the family ${choice.family} was planned and is gone`);
  const { accountId, region } = origin;
  const identity: Identity = { accountId, region, arn: "", isLocal: origin.kind === "local" };
  return { identity, origin, limits, chosen: { choice, family, invocation, structured, parameters } };
}
