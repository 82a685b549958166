/** What the operations of KMS work on, and what they share. */
import { makeDefiner } from "../operation.ts";
import type { JsonKind } from "../wire/json-service.ts";
import type { World } from "../world.ts";
import type { Key, KmsStore } from "./store.ts";

export interface KmsContext {
  readonly world: World;
  readonly store: KmsStore;
}

export type KmsKind = JsonKind<KmsContext>;

export const defineOperation = makeDefiner<KmsKind>();

/** Shapes of the KMS model (2014-11-01, known, not read again). */
export const keyId = { type: "string", min: 1, max: 2048 } as const;
export const aliasName = { type: "string", min: 1, max: 256, pattern: "^[a-zA-Z0-9:/_-]+$" } as const;
export const policyText = { type: "string", min: 1, max: 131_072 } as const;
export const policyName = { type: "string", min: 1, max: 128, pattern: "[\\w]+" } as const;

/** `KeyMetadata`. */
export const writeKeyMetadata = (
  { id, arn, createdAtMs, description, state, deletionAtMs }: Key,
  accountId: string,
) => ({
  AWSAccountId: accountId,
  KeyId: id,
  Arn: arn,
  CreationDate: new Date(createdAtMs),
  Enabled: state === "Enabled",
  Description: description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: state,
  ...(deletionAtMs === undefined ? {} : { DeletionDate: new Date(deletionAtMs) }),
  Origin: "AWS_KMS",
  KeyManager: "CUSTOMER",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: false,
});

/** Leaves the decision to IAM, as the policy of a key that was made without one does. */
export const makeDefaultKeyPolicy = (accountId: string): string =>
  JSON.stringify(
    {
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
    null,
    2,
  );
