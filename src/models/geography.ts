import type { ProfilePrefix } from "./catalogue-model.ts";

/**
 * The geographic profiles that a region may use, the narrowest first, as inference profiles divide the world. Which
 * regions outside a geography may send to it is told only by the lists of source regions; for the Middle East, Israel,
 * Canada and Mexico this is `unconfirmed`.
 */
export function listGeographies(region: string): readonly ProfilePrefix[] {
  if (region.startsWith("us-gov-")) return ["us-gov"];
  if (/^(us|ca|mx)-/.test(region)) return ["us"];
  if (/^(eu|il)-/.test(region)) return ["eu"];
  if (/^ap-northeast-[13]$/.test(region)) return ["jp", "apac"];
  if (/^ap-southeast-[246]$/.test(region)) return ["au", "apac"];
  if (/^ap-south-[12]$/.test(region)) return ["in", "apac"];
  return /^(ap|me)-/.test(region) ? ["apac"] : [];
}

/** Whether a region can send to the profile of a prefix. The global profile leaves out the government's regions. */
export function reachesProfile(region: string, prefix: ProfilePrefix): boolean {
  return prefix === "global" ? !region.startsWith("us-gov-") : listGeographies(region).includes(prefix);
}
