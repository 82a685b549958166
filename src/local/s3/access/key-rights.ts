/** Objects under a KMS key: who writes or reads one must be allowed to use the key, where IAM is enforced. */
import { findKeyProblem, type KeyAction, type KeyUse, makeKeyAsk } from "../../kms/key-use.ts";
import type { S3Call } from "../call.ts";
import { S3Error } from "../errors.ts";
import { findObjectKey, keyHeader, makeContextArn } from "../object-key.ts";
import type { ObjectHeaders } from "../store/entry.ts";

/** @throws S3Error AccessDenied in KMS's words, KMS.NotFoundException, KMS.DisabledException, KMS.KMSInvalidStateException */
export function checkKeyRight(
  { world, request }: S3Call,
  action: KeyAction,
  headers: Pick<ObjectHeaders, "system">,
  bucketName: string,
  key: string,
): void {
  const { authority, keys } = world;
  const name = findObjectKey(headers);
  if (authority === undefined || name === undefined) return;
  // Nobody without a name may use a key.
  if (request.caller.anonymous === true) throw new S3Error("AccessDenied");
  const use: KeyUse = {
    action,
    key: name,
    region: request.region,
    s3Arn: makeContextArn(headers, request.region, bucketName, key),
  };
  const ask = makeKeyAsk(use, keys);
  const denial = ask === undefined ? undefined : authority.findDenial(request.caller, ask);
  if (denial !== undefined) throw new S3Error("AccessDenied", { message: denial });
  const problem = findKeyProblem(use, keys);
  if (problem !== undefined) throw new S3Error(problem.code, { message: problem.message });
}

/** Of what is written: the right to use its key, and the key by its ARN, as S3 keeps it. @throws S3Error */
export function takeKey(call: S3Call, kept: ObjectHeaders): ObjectHeaders {
  checkKeyRight(call, "kms:GenerateDataKey", kept, call.bucketName, call.key);
  const name = findObjectKey(kept);
  const arn = name === undefined ? undefined : call.world.keys.find(name, call.request.region)?.arn;
  return arn === undefined ? kept : { ...kept, system: { ...kept.system, [keyHeader]: arn } };
}
