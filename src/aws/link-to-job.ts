import { findConsoleHost } from "../foundation/partitions.ts";

/** The page of a job in the AWS console. In a file of its own: to name a page needs no SDK. */
export function linkToJob(region: string, jobArn: string): string {
  return `https://${findConsoleHost(region)}/bedrock/home?region=${region}#/batch-inference/${encodeURIComponent(jobArn)}`;
}
