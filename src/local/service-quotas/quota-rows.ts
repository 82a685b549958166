/** The batch quotas as rows of Service Quotas: code, name with its traps, default, whether it can be raised. */
import { createHash } from "node:crypto";
import { catalogue } from "../models/catalogue.ts";
import type { Model } from "../models/model.ts";
import { defaultQuota, type QuotaKind } from "../models/quotas.ts";
import { otherCodes, type QuotaCodes, quotaCodes } from "./quota-codes.ts";

export interface QuotaRow {
  /** `L-` and eight hex digits. */
  readonly code: string;
  readonly name: string;
  /** What it limits, where the service here knows the model; undefined for a row that nothing reads. */
  readonly limits: { readonly kind: QuotaKind; readonly model: Model } | undefined;
  readonly defaultValue: number;
  readonly isAdjustable: boolean;
}

// Rows are found by name: another dump of the same list has other codes (sources#quotas).
const makeCode = (name: string): string =>
  `L-${createHash("sha256").update(name).digest("hex").slice(0, 8).toUpperCase()}`; // unpublished codes; unconfirmed

// The stray period stands in these names as AWS publishes them.
const withPeriod = (label: string): string => (label === "Claude Sonnet 4.5" ? `${label}.` : label);
// So do two spaces in this one.
const withSpaces = (label: string): string => (label === "Qwen3 Next 80B" ? ` ${label}` : label);

function makeRows(codes: QuotaCodes): QuotaRow[] {
  const { label } = codes;
  const model = catalogue.find(({ quotaLabel }) => quotaLabel === label);
  const others = otherCodes[label];
  const row = (kind: QuotaKind, name: string, code: string | undefined, isAdjustable: boolean): QuotaRow => ({
    code: code ?? makeCode(name),
    name,
    limits: model === undefined ? undefined : { kind, model },
    defaultValue: defaultQuota(kind, model),
    isAdjustable,
  });
  const canRaise = others !== undefined;
  return [
    row(
      "min-records",
      `Minimum number of records per batch inference job for ${withPeriod(label)}`,
      others?.minRecords,
      canRaise,
    ),
    row("records-per-file", `Records per input file per batch inference job for ${label}`, codes.recordsPerFile, true),
    row("records-per-job", `Records per batch inference job for ${label}`, codes.recordsPerJob, true),
    row("file-size-gb", `Batch inference input file size (in GB) for ${label}`, others?.fileSize, canRaise),
    // The list has no such row for Nova 2 Lite.
    ...(label === "Nova 2 Lite"
      ? []
      : [row("job-size-gb", `Batch inference job size (in GB) for ${withSpaces(label)}`, others?.jobSize, canRaise)]),
    row(
      "jobs-in-flight",
      `Sum of in-progress and submitted batch inference jobs using a base model for ${withPeriod(label)}`,
      codes.jobsInFlight,
      true,
    ),
  ];
}

const customModels: readonly QuotaRow[] = ["Titan Multimodal Embeddings G1", "Titan Text Embeddings V2"].map(
  (label) => {
    const name = `Sum of in-progress and submitted batch inference jobs using a custom model for ${label}`;
    return { code: makeCode(name), name, limits: undefined, defaultValue: 3, isAdjustable: false };
  },
);

/** Every row, in the order of their names. */
export const quotaRows: readonly QuotaRow[] = [...quotaCodes.flatMap(makeRows), ...customModels].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

const byCode = new Map(quotaRows.map((row) => [row.code, row]));

/** The row of a code, or undefined. */
export const findRow = (code: string): QuotaRow | undefined => byCode.get(code);
