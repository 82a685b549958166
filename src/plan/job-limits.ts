import { defaultJobLimits } from "../foundation/limits.ts";
import type { JobLimits } from "../foundation/types/index.ts";

interface NamedQuota {
  readonly name: string;
  readonly value: number;
}

type QuotaLimit = Exclude<keyof JobLimits, "source">;

/** The quotas' names, as the console shows them, before ` for <model>`. Codes differ between lists; names hardly do. */
const templates: Readonly<Record<QuotaLimit, { readonly name: string; readonly unit: number }>> = {
  minRecordsPerJob: { name: "Minimum number of records per batch inference job", unit: 1 },
  maxRecordsPerJob: { name: "Records per batch inference job", unit: 1 },
  maxRecordsPerFile: { name: "Records per input file per batch inference job", unit: 1 },
  maxFileSizeBytes: { name: "Batch inference input file size", unit: 1024 ** 3 },
  maxJobSizeBytes: { name: "Batch inference job size", unit: 1024 ** 3 },
  maxJobsInFlight: { name: "Sum of in-progress and submitted batch inference jobs using a base model", unit: 1 },
};

/** Names come with a stray period, a double space, or the unit before or after the model: none of it counts. */
function normalise(name: string): string {
  return name
    .toLowerCase()
    .replace(/\(in gb\)/g, "")
    .replace(/[^a-z0-9.]+/g, " ")
    .replace(/\.(?!\d)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The quotas that limit jobs of a model, by what they limit. */
export function findQuotas<Quota extends NamedQuota>(
  quotas: readonly Quota[],
  modelLabel: string,
): Partial<Record<QuotaLimit, Quota>> {
  const byName = new Map(quotas.map((quota) => [normalise(quota.name), quota]));
  const found: Partial<Record<QuotaLimit, Quota>> = {};
  for (const [limit, { name }] of Object.entries(templates) as [QuotaLimit, (typeof templates)[QuotaLimit]][]) {
    const quota =
      byName.get(normalise(`${name} for ${modelLabel}`)) ??
      byName.get(normalise(`${name} for Anthropic ${modelLabel}`));
    if (quota !== undefined) found[limit] = quota;
  }
  return found;
}

/** The limits of jobs of a model: the account's quotas where it has them, else the documents' dated values. */
export function findJobLimits(quotas: readonly NamedQuota[], modelLabel: string): JobLimits {
  const found = Object.fromEntries(
    Object.entries(findQuotas(quotas, modelLabel)).map(([limit, { value }]) => [
      limit,
      value * templates[limit as QuotaLimit].unit,
    ]),
  );
  if (Object.keys(found).length === 0) return defaultJobLimits;
  return { ...defaultJobLimits, ...found, source: "quota of this account" };
}
