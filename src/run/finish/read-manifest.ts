import type { Usage } from "../../foundation/types/index.ts";

/** What a job's manifest counts; a member that is not there, or that is no count, is undefined. */
export interface ManifestCounts {
  readonly total: number | undefined;
  readonly processed: number | undefined;
  readonly success: number | undefined;
  /** Undefined where either half is not there. */
  readonly usage: Usage | undefined;
}

/** @param manifest its text; undefined where the job left none @returns undefined where it is no JSON object */
export function readManifest(manifest: string | undefined): ManifestCounts | undefined {
  if (manifest === undefined) return undefined;
  let members: Record<string, unknown>;
  try {
    const parsed = JSON.parse(manifest) as unknown;
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    members = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const read = (name: string): number | undefined => {
    const value = members[name];
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const inputTokens = read("inputTokenCount");
  // Embeddings have no output, and their manifests no count of it.
  const outputTokens = "outputTokenCount" in members ? read("outputTokenCount") : 0;
  return {
    total: read("totalRecordCount"),
    processed: read("processedRecordCount"),
    success: read("successRecordCount"),
    usage: inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens },
  };
}
