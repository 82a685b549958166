import type { IamDocuments } from "../aws/iam-documents.ts";
import type { Identity } from "../aws/sts.ts";
import type { Session } from "../workspace/session.ts";

/** A new role is known everywhere after 2 s, mostly 10 to 30 s, up to a minute (failure reports of Terraform and Pulumi). */
const wait = { pollMs: 1_000, settleMs: 15_000, longestMs: 60_000, polls: 2 } as const;

/**
 * Waits until IAM answers for a new role several times in a row, and a while longer, for the rest of AWS hears of it later.
 * Nothing but a job can tell whether Bedrock may assume it; a run whose first job is refused for it tries again by itself.
 */
export async function waitForRole(
  { sleep, nowMs, onStep }: Pick<Session, "sleep" | "nowMs" | "onStep">,
  { isLocal }: Identity,
  iam: Pick<IamDocuments, "findRole">,
  roleArn: string,
): Promise<void> {
  const startedAtMs = nowMs();
  onStep("waiting until the new role is known");
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  let answered = 0;
  for (;;) {
    answered = (await iam.findRole(name)) === undefined ? 0 : answered + 1;
    if (answered === wait.polls || nowMs() - startedAtMs >= wait.longestMs) break;
    await sleep(isLocal ? 1 : wait.pollMs);
  }
  if (!isLocal) await sleep(Math.max(0, startedAtMs + wait.settleMs - nowMs()));
}
