import { type CheckResult, pass } from "./check.ts";

/** Versions of the AWS SDK from 2027 on want this one, as the SDK itself says (read 2026-11-21). */
const wantedMajor = 22;

/**
 * Whether the software is new enough. The SDK comes with halfprice and knows Converse jobs and progress counts; other tools on
 * the same machine may be older. @param nodeVersion `20.20.2`
 */
export function checkSoftware(nodeVersion: string): CheckResult {
  const subject = "software";
  const finding = `Node ${nodeVersion}, with the AWS SDK that halfprice was tested with`;
  if (Number(nodeVersion.split(".")[0]) >= wantedMajor) return pass(subject, finding);
  return pass(subject, `${finding}; from January 2027 new versions of the SDK want Node ${wantedMajor}`);
}
