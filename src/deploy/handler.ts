import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../config/read-config.ts";
import { makeSession } from "../workspace/session.ts";
import { makePass, type PassSummary } from "./make-pass.ts";

/** What Lambda says of a call, as far as it is used. */
export interface CallContext {
  getRemainingTimeInMillis(): number;
}

/**
 * The time reserved at the end of a call for work under way: a call of the SDK with its retries, and the last answers on demand with what they
 * write. What is cut off all the same is done by the next pass.
 */
const marginMs = 90_000;

/**
 * The entry of the Lambda function: makes a pass over the runs of the workspace that the environment names (`HALFPRICE_WORKSPACE`). Copies of
 * its files are below `HALFPRICE_COPIES`; what a warm function has there, it need not fetch again.
 * @throws PassProblem: Lambda counts an error, and what called goes to the dead-letter queue
 */
export async function handler(event: unknown, context: CallContext): Promise<PassSummary> {
  const untilMs = Date.now() + Math.max(0, context.getRemainingTimeInMillis() - marginMs);
  const { HALFPRICE_COPIES: copies = join(tmpdir(), "halfprice"), ...environment } = process.env;
  // A function has no folder of its own with settings: the environment has all of them.
  const config = await readConfig({}, { ...environment, HALFPRICE_COPIES: copies }, tmpdir(), false);
  return makePass(event, {
    session: makeSession(config),
    untilMs,
    log: (entry) => process.stdout.write(`${JSON.stringify(entry)}\n`),
  });
}
