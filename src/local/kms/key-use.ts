/** The use of a key by a service for somebody, as S3 uses them: what it is refused with. */
import type { AccessRequest } from "../iam/access-request.ts";
import type { KmsStore } from "./store.ts";

export type KeyAction = "kms:Decrypt" | "kms:GenerateDataKey";

/** What KMS says of a key, as S3 hands it on. */
export interface KeyProblem {
  readonly code: "KMS.NotFoundException" | "KMS.DisabledException" | "KMS.KMSInvalidStateException";
  readonly message: string;
}

export interface KeyUse {
  readonly action: KeyAction;
  /** An id, an alias or an ARN. */
  readonly key: string;
  readonly region: string;
  /** The ARN of the bucket or object: the encryption context of S3. */
  readonly s3Arn: string;
}

/** The words are those of KMS; that S3 hands them on as they are is unconfirmed. */
export function findKeyProblem({ key: name, region }: KeyUse, keys: KmsStore): KeyProblem | undefined {
  const key = keys.find(name, region);
  if (key === undefined) return { code: "KMS.NotFoundException", message: `Key '${name}' does not exist` };
  if (key.state === "Disabled") return { code: "KMS.DisabledException", message: `${key.arn} is disabled.` };
  if (key.state === "PendingDeletion")
    return { code: "KMS.KMSInvalidStateException", message: `${key.arn} is pending deletion.` };
  return undefined;
}

/** What IAM is asked: by the key's policy, and by the caller's where that leaves it to IAM. Undefined of an unknown key. */
export function makeKeyAsk({ action, key: name, region, s3Arn }: KeyUse, keys: KmsStore): AccessRequest | undefined {
  const key = keys.find(name, region);
  if (key === undefined) return undefined;
  return {
    action,
    resource: key.arn,
    region,
    keyPolicy: key.policy,
    keys: {
      "kms:ViaService": `s3.${region}.amazonaws.com`,
      "kms:CallerAccount": key.arn.split(":")[4],
      "kms:EncryptionContext:aws:s3:arn": s3Arn,
      "kms:EncryptionContextKeys": ["aws:s3:arn"],
      "aws:ViaAWSService": "true",
    },
  };
}
