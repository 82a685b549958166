import { namePart, openPart } from "../access/part.ts";
import { isSameDocument } from "../access/same-document.ts";
import type { RecordedPart } from "../access/setup-record.ts";
import { forgetPart, readRecord } from "../access/setup-record.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { isSameOrigin } from "../foundation/origin.ts";
import { type Session, toOrigin } from "../workspace/session.ts";
import { recordPath } from "../workspace/setup-record.ts";
import { openServices } from "./set-up.ts";

/** What `--undo` would do with one thing that setup made or changed. */
export interface UndoStep {
  readonly name: string;
  readonly action: "remove" | "restore" | "leave" | "gone";
  /** Why it is left. */
  readonly why?: string;
  readonly now: unknown;
  readonly before: unknown;
}

/** The way back of a set-up: first what it would do, then it does it. */
export interface OpenedUndo {
  readonly steps: readonly UndoStep[];
  apply(onDone: (step: UndoStep) => void): Promise<void>;
  readonly close: () => void;
}

/**
 * Plans to take back what setup made in this account and region, the last first: only what is still as setup left it, and
 * no bucket that has something in it.
 */
export async function openUndo(session: Session): Promise<OpenedUndo> {
  const path = recordPath(session.config.workspace);
  const { identity, services, close } = await openServices(session);
  const origin = toOrigin(identity);
  try {
    const parts = readRecord(path).filter((part) => isSameOrigin(part.origin, origin));
    const full = new Map<string, number>();
    for (const { key, before } of parts) {
      if (key.kind !== "bucket" || before !== null) continue;
      if ((await services.buckets.findBucketRegion(key.bucket)) === undefined) continue;
      const count = await services.buckets.countObjects(key.bucket);
      if (count > 0) full.set(key.bucket, count);
    }
    const rolesLeft = new Set<string>();
    const plan = async ({ key, before, after }: RecordedPart): Promise<UndoStep> => {
      const now = await openPart(key, services).read();
      const step = { name: namePart(key), now, before };
      const count = "bucket" in key ? full.get(key.bucket) : undefined;
      if (now === undefined) return { ...step, action: "gone" };
      if (count !== undefined && "bucket" in key) {
        const isBucket = key.kind === "bucket";
        const objects = count >= 1000 ? "1,000 or more objects" : count === 1 ? "1 object" : `${count} objects`;
        const why = isBucket
          ? `${objects} in it; to remove them for good: aws s3 rm s3://${key.bucket} --recursive, then --undo again`
          : "the bucket stays, so its settings do";
        return { ...step, action: "leave", why };
      }
      if (key.kind === "role" && rolesLeft.has(key.roleName))
        return { ...step, action: "leave", why: "its policy stays" };
      if (!isSameDocument(now, after)) {
        if (key.kind === "inline-policy" && key.owner.kind === "role") rolesLeft.add(key.owner.name);
        return { ...step, action: "leave", why: "it was changed since" };
      }
      return { ...step, action: before === null ? "remove" : "restore" };
    };
    const planned: { part: RecordedPart; step: UndoStep }[] = [];
    for (const part of [...parts].reverse()) planned.push({ part, step: await plan(part) });
    return {
      steps: planned.map(({ step }) => step),
      close,
      async apply(onDone) {
        for (const { part, step } of planned) {
          if (step.action === "leave") continue;
          const access = openPart(part.key, services);
          // A bucket's settings go with it.
          const goesWithBucket =
            part.key.kind !== "bucket" &&
            "bucket" in part.key &&
            isRemoved(planned, part.key.bucket) &&
            step.action === "remove";
          if (step.action === "remove" && !goesWithBucket) await access.remove().catch(explainConflict(step));
          if (step.action === "restore") await access.write(part.before, step.now);
          forgetPart(path, part);
          onDone(step);
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

const isRemoved = (planned: readonly { part: RecordedPart; step: UndoStep }[], bucket: string): boolean =>
  planned.some(({ part: { key }, step }) => key.kind === "bucket" && key.bucket === bucket && step.action === "remove");

/** What others put on a role, or into a bucket meanwhile, keeps it: the service says so, and so do we. */
const explainConflict =
  ({ name }: UndoStep) =>
  (error: unknown): void => {
    if (!isError(error, "SERVICE_REFUSED")) throw error;
    const { type, message } = error.details;
    if (!/DeleteConflict|BucketNotEmpty/.test(type)) throw error;
    throw new HalfpriceError("UNDO_CONFLICT", { name, reason: message }, { cause: error });
  };
