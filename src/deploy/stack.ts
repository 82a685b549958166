import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStacks, type StackService, type StackState } from "../aws/cloudformation.ts";
import { openObjectStorage } from "../aws/s3.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import type { Session } from "../workspace/session.ts";
import type { Deployment } from "./deployment.ts";

/** CloudFormation takes a minute or two. */
const pollMs = 3_000;

/** What is done with a stack. */
export type StackAction = "create" | "update" | "keep" | "remove" | "gone";

/** How work on a stack has ended. */
export interface StackWork {
  readonly action: StackAction;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What a stack is like of which nothing can come but its removal: making it failed. */
const isWreck = ({ status }: StackState): boolean =>
  /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/.test(status);

/** Whether a stack of the name is there; the template that it was made of, where it is. */
export async function lookAtStack(
  session: Session,
  name: string,
): Promise<{ readonly isThere: boolean; readonly template?: unknown }> {
  return withStacks(session, async (stacks) => {
    const found = await stacks.find(name);
    if (found === undefined) return { isThere: false };
    const text = await stacks.readTemplate(name);
    try {
      return { isThere: true, template: JSON.parse(text) as unknown };
    } catch {
      // Somebody's own, in YAML.
      return { isThere: true, template: text };
    }
  });
}

/** Puts the zip into the workspace, and makes or changes the stack. @throws DEPLOY_FAILED, SERVICE_REFUSED */
export async function applyStack(session: Session, deployment: Deployment): Promise<StackWork> {
  const { name, template, workspace, codeKey, zip, identity } = deployment;
  session.onStep(`putting the function's code into ${workspace.uri}`);
  await putZip(session, workspace.bucket, codeKey, zip, identity.accountId);
  const request = { name, template: JSON.stringify(template), tags: { "halfprice:workspace": workspace.uri } };
  return withStacks(session, async (stacks) => {
    let found = await stacks.find(name);
    if (found !== undefined && isWreck(found)) {
      session.onStep(`removing what is left of the stack ${name}, which was not made`);
      await stacks.remove(found.id);
      await waitForEnd(session, stacks, found.id);
      found = undefined;
    }
    const startedAt = session.nowMs();
    session.onStep(`${found === undefined ? "making" : "changing"} the stack ${name}`);
    if (found !== undefined && !(await stacks.update(request))) return { action: "keep", outputs: found.outputs };
    const id = found?.id ?? (await stacks.create(request));
    const ended = await waitForEnd(session, stacks, id);
    const wanted = found === undefined ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
    if (ended?.status !== wanted) await failed(stacks, deployment, id, ended, startedAt);
    return { action: found === undefined ? "create" : "update", outputs: ended?.outputs ?? {} };
  });
}

/** Removes a stack with all that it made; the workspace and its runs stay. @throws DEPLOY_FAILED, SERVICE_REFUSED */
export async function removeStack(session: Session, name: string, region: string): Promise<StackWork> {
  return withStacks(session, async (stacks) => {
    const found = await stacks.find(name);
    if (found === undefined) return { action: "gone", outputs: {} };
    const startedAt = session.nowMs();
    session.onStep(`removing the stack ${name}`);
    await stacks.remove(found.id);
    const ended = await waitForEnd(session, stacks, found.id);
    if (ended !== undefined && ended.status !== "DELETE_COMPLETE")
      await failed(stacks, { name, identity: { region } }, found.id, ended, startedAt);
    return { action: "remove", outputs: {} };
  });
}

async function withStacks<Result>(
  { connection }: Session,
  work: (stacks: StackService) => Promise<Result>,
): Promise<Result> {
  const stacks = openStacks(connection);
  try {
    return await work(stacks);
  } finally {
    stacks.close();
  }
}

async function waitForEnd(session: Session, stacks: StackService, id: string): Promise<StackState | undefined> {
  for (;;) {
    const found = await stacks.find(id);
    if (found === undefined || !found.status.endsWith("_IN_PROGRESS")) return found;
    await session.sleep(pollMs);
  }
}

/** @throws DEPLOY_FAILED */
async function failed(
  stacks: StackService,
  { name, identity }: { readonly name: string; readonly identity: { readonly region: string } },
  id: string,
  ended: StackState | undefined,
  startedAt: number,
): Promise<never> {
  // The service's clock and this machine's may differ.
  const reasons = await stacks.listFailures(id, startedAt - 5 * 60_000);
  const state = ended?.status ?? "gone";
  throw new HalfpriceError("DEPLOY_FAILED", { stack: name, state, reasons, region: identity.region });
}

async function putZip(
  { connection, config }: Session,
  bucket: string,
  key: string,
  zip: Uint8Array,
  accountId: string,
): Promise<void> {
  const storage = openObjectStorage(connection);
  const folder = mkdtempSync(join(tmpdir(), "halfprice-function-"));
  try {
    if ((await storage.findSize(bucket, key)) === zip.length) return;
    const path = join(folder, "function.zip");
    writeFileSync(path, zip);
    await storage.upload(path, bucket, key, {
      ...{ accountId, kmsKey: config.kmsKey, fromByte: 0, sizeBytes: zip.length, contentType: "application/zip" },
      onProgress: () => undefined,
    });
  } finally {
    storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
