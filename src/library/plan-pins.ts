import { createHash } from "node:crypto";
import type { PlannedRun } from "../run/plan/plan-run.ts";

const hash = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(value ?? null))
    .digest("hex")
    .slice(0, 16);

/** What a plan rests on, each as a text that is the same as long as nothing has changed. */
export function makePins({ plan, run, inputFingerprint }: PlannedRun): Readonly<Record<string, string>> {
  const { model, prompt, parameters, output, invocation, structured, origin } = run;
  const { prices } = model;
  const price = (each: { inputUsd: number; outputUsd: number } | undefined): string =>
    each === undefined ? "not known" : `${each.inputUsd}/${each.outputUsd}`;
  const { limits, earlier } = plan;
  const had = (earlier?.requestCount ?? 0) + (earlier?.awaited ?? []).reduce((sum, each) => sum + each.requestCount, 0);
  return {
    input: inputFingerprint.slice(0, 16),
    prompt: hash([prompt.text, output]),
    model: `${model.invokeId}, ${invocation}, schema ${structured}`,
    parameters: JSON.stringify(parameters),
    prices: `batch ${price(prices?.batch)}, on demand ${price(prices?.onDemand)} (${prices?.asOf ?? "no date"})`,
    quotas: `${limits.minRecordsPerJob} to ${limits.maxRecordsPerJob} records a job, ${limits.maxRecordsPerFile} a file, ${limits.maxFileSizeBytes} bytes a file, ${limits.maxJobSizeBytes} a job, ${limits.maxJobsInFlight} jobs`,
    origin: `${origin.kind === "local" ? "local service" : `account ${origin.accountId}`}, ${origin.region}`,
    ...(plan.pack === undefined
      ? {}
      : { "rows in a request": `${plan.pack.rowsPerRequest} (--pack ${plan.pack.asked})` }),
    "requests to send": `${plan.recordCount} (${had} from earlier runs)`,
  };
}
