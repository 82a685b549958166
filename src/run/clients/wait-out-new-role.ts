import { existsSync, statSync } from "node:fs";
import type { JobService } from "../../aws/bedrock.ts";
import { openIamDocuments } from "../../aws/iam-documents.ts";
import { type HalfpriceError, isError } from "../../foundation/errors/index.ts";
import type { Session } from "../../workspace/session.ts";
import { recordPath } from "../../workspace/setup-record.ts";

/** IAM's news take from 2 s to a minute to reach Bedrock (failure reports; nothing of AWS promises a time). */
const newForMs = 120_000;
const waitsMs = [2_000, 4_000, 8_000, 16_000, 30_000, 30_000];

/** How Bedrock says that it cannot take on a role yet, or that the right to pass it has not reached it. */
const notYet = /could not assume|cannot be assumed|unable to assume|not authorized to perform: iam:PassRole/i;

type Waiter = Pick<Session, "config" | "connection" | "sleep" | "nowMs" | "onTrouble">;

/** Makes jobs, and waits a while where a role that is minutes old is refused: a moment later it is not. */
export function waitOutNewRole(jobs: JobService, waiter: Waiter): JobService {
  return {
    ...jobs,
    async create(job) {
      for (const waitMs of waitsMs) {
        try {
          return await jobs.create(job);
        } catch (error) {
          if (!isNotYet(error) || !(await isNew(job.roleArn, waiter))) throw error;
          waiter.onTrouble(error, waitMs);
          await waiter.sleep(waitMs);
        }
      }
      return jobs.create(job);
    },
  };
}

function isNotYet(error: unknown): error is HalfpriceError {
  if (!isError(error, "SERVICE_REFUSED")) return false;
  return notYet.test(error.details.message);
}

/** Whether setup wrote something here, or somebody made the role, within two minutes. */
async function isNew(roleArn: string, { config, connection, nowMs }: Waiter): Promise<boolean> {
  const path = recordPath(config.workspace);
  if (existsSync(path) && nowMs() - statSync(path).mtimeMs < newForMs) return true;
  const iam = openIamDocuments(connection);
  try {
    const role = await iam.findRole(roleArn.slice(roleArn.lastIndexOf("/") + 1));
    return role !== undefined && Math.abs(nowMs() - role.createdAtMs) < newForMs;
  } catch (error) {
    // Who may not look at the role gets the refusal as it came.
    if (isError(error)) return false;
    throw error;
  } finally {
    iam.close();
  }
}
