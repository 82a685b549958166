/** The batch quotas of each model, as defaults and as the account has them. */
import type { Model } from "./model.ts";

/** What a batch quota limits. */
export type QuotaKind =
  | "min-records"
  | "records-per-file"
  | "records-per-job"
  | "file-size-gb"
  | "job-size-gb"
  | "jobs-in-flight";

/** The kinds, in the order of the quota page. */
export const quotaKinds: readonly QuotaKind[] = [
  "min-records",
  "records-per-file",
  "records-per-job",
  "file-size-gb",
  "job-size-gb",
  "jobs-in-flight",
];

// Defaults of every row that was read (sources#quotas, GR newer copy, ≈ Sep–Oct 2026).
const defaults: Readonly<Record<QuotaKind, number>> = {
  "min-records": 100,
  "records-per-file": 100_000,
  "records-per-job": 100_000,
  "file-size-gb": 1,
  "job-size-gb": 5,
  "jobs-in-flight": 100,
};

const largeJobs = new Set([
  "amazon.nova-lite-v1:0",
  "amazon.nova-pro-v1:0",
  "amazon.nova-2-multimodal-embeddings-v1:0",
]);

/** The default value of a model's quota, or of one that nothing more is known about. */
export const defaultQuota = (kind: QuotaKind, model: Model | undefined): number =>
  kind === "job-size-gb" && model !== undefined && largeJobs.has(model.id) ? 100 : defaults[kind];

/** A quota that is not at its default: for one model or all, in one Region or all. */
export interface QuotaSetting {
  readonly kind: QuotaKind;
  /** At least 0. */
  readonly value: number;
  /** A model id; undefined: every model. */
  readonly modelId?: string | undefined;
  /** Undefined: every Region. */
  readonly region?: string | undefined;
}

/**
 * Reads a setting as it is written on a command line: `kind=value`, `model:kind=value`, `region/model:kind=value` or
 * `region/kind=value`; `min-records=5`, `us-east-1/anthropic.claude-opus-5:jobs-in-flight=2`.
 * @throws RangeError with what is wrong
 */
export function parseQuotaSetting(text: string): QuotaSetting {
  const match = /^(?:([a-z]{2}(?:-[a-z]+)+-\d)\/)?(?:(.+):)?([a-z-]+)=([0-9.]+)$/.exec(text);
  const kind = quotaKinds.find((known) => known === match?.[3]);
  const value = Number(match?.[4]);
  if (match === null || kind === undefined || !Number.isFinite(value)) {
    throw new RangeError(
      `${text} is not a quota; write [region/][model id:]kind=value with a kind of ${quotaKinds.join(", ")}`,
    );
  }
  return { kind, value, region: match[1], modelId: match[2] };
}

/** The quotas as the account has them. */
export interface Quotas {
  get(kind: QuotaKind, model: Model, region: string): number;
  /** A later setting wins over an earlier one; a setting for one model over one for all. */
  set(setting: QuotaSetting): void;
}

export function makeQuotas(settings: readonly QuotaSetting[] = []): Quotas {
  const kept = [...settings];
  const closeness = ({ modelId, region }: QuotaSetting): number =>
    (modelId === undefined ? 0 : 2) + (region === undefined ? 0 : 1);
  return {
    get(kind, model, region) {
      let best: QuotaSetting | undefined;
      for (const setting of kept) {
        if (setting.kind !== kind) continue;
        if (setting.modelId !== undefined && setting.modelId !== model.id) continue;
        if (setting.region !== undefined && setting.region !== region) continue;
        if (best === undefined || closeness(setting) >= closeness(best)) best = setting;
      }
      return best?.value ?? defaultQuota(kind, model);
    },
    set(setting) {
      kept.push(setting);
    },
  };
}
