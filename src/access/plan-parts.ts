import { namePart, openPart, type PartKey, type PartServices } from "./part.ts";
import { isSameDocument } from "./same-document.ts";

/** A part, how it is, and how it is to be. */
export interface PlannedPart {
  readonly key: PartKey;
  /** `bucket my-bucket`. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  readonly action: "create" | "change" | "keep";
  /** Undefined where it is not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What is wanted of a part, given what is there. */
export interface WantedPart {
  readonly key: PartKey;
  readonly about: string;
  readonly want: (current: unknown) => unknown;
}

/** Reads what is there. Changes nothing. @throws SERVICE_REFUSED, BUCKET_DENIED, BUCKET_REGION */
export async function planParts(wanted: readonly WantedPart[], services: PartServices): Promise<PlannedPart[]> {
  const parts: PlannedPart[] = [];
  for (const { key, about, want } of wanted) {
    const before = await openPart(key, services).read();
    const after = want(before);
    const isSame = before !== undefined && isSameDocument(before, after);
    const action = before === undefined ? "create" : isSame ? "keep" : "change";
    parts.push({ key, name: namePart(key), about, action, before, after });
  }
  return parts;
}
