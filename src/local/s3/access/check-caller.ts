/** Whether the caller may: asked before an operation, and of single keys by those that touch several. */
import { findDenial, type Operation, type Right } from "../../operation.ts";
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";
import type { S3Kind } from "../operation.ts";
import { listMissing, makeRight } from "./rights.ts";

/** A caller without a name is looked at elsewhere. @throws S3Error AccessDenied */
export function checkCaller(call: S3Call, operation: Pick<Operation<S3Kind>, "rights">): void {
  const { world, request } = call;
  if (request.caller.anonymous === true) return;
  const denial = findDenial<S3Kind>(operation, undefined, call, request, world.authority);
  if (denial !== undefined) throw new S3Error("AccessDenied", { message: denial });
}

function checkRights({ world, request }: S3Call, rights: readonly Right[]): void {
  if (request.caller.anonymous === true) return;
  for (const right of rights) {
    const denial = world.authority?.findDenial(request.caller, { region: request.region, ...right });
    if (denial !== undefined) throw new S3Error("AccessDenied", { message: denial });
  }
}

/** What a copy reads. @throws S3Error AccessDenied */
export function checkSource(call: S3Call, bucketName: string, key: string, versionId: string | undefined): void {
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  checkRights(call, [makeRight(call, action, bucketName, key)]);
  if (call.world.authority !== undefined) checkRights(call, listMissing(call, bucketName, key, versionId));
}

/** @param key empty for the bucket itself @throws S3Error AccessDenied */
export const checkRight = (call: S3Call, action: string, bucketName: string, key: string): void =>
  checkRights(call, [makeRight(call, action, bucketName, key)]);
