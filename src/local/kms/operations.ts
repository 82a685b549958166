/** The operations of KMS. S3 uses the keys here, and nobody else does. */
import { listOperations, nameOperations } from "../operation.ts";
import type { KmsKind } from "./operation.ts";
import { cancelKeyDeletion } from "./operations/cancel-key-deletion.ts";
import { createAlias } from "./operations/create-alias.ts";
import { createKey } from "./operations/create-key.ts";
import { deleteAlias } from "./operations/delete-alias.ts";
import { describeKey } from "./operations/describe-key.ts";
import { disableKey } from "./operations/disable-key.ts";
import { enableKey } from "./operations/enable-key.ts";
import { getKeyPolicy } from "./operations/get-key-policy.ts";
import { listAliases } from "./operations/list-aliases.ts";
import { listKeyPolicies } from "./operations/list-key-policies.ts";
import { listKeys } from "./operations/list-keys.ts";
import { putKeyPolicy } from "./operations/put-key-policy.ts";
import { scheduleKeyDeletion } from "./operations/schedule-key-deletion.ts";

export const kmsOperations = listOperations<KmsKind>({
  service: "KMS",
  signingName: "kms",
  protocol: "awsJson1.1",
  operations: [
    createKey,
    describeKey,
    listKeys,
    enableKey,
    disableKey,
    scheduleKeyDeletion,
    cancelKeyDeletion,
    getKeyPolicy,
    listKeyPolicies,
    putKeyPolicy,
    createAlias,
    deleteAlias,
    listAliases,
  ],
  all: nameOperations(
    "target",
    `
    Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncrypt CreateGrant ListGrants
    RetireGrant RevokeGrant ListRetirableGrants EnableKeyRotation DisableKeyRotation GetKeyRotationStatus
    UpdateAlias UpdateKeyDescription TagResource UntagResource ListResourceTags
  `,
  ),
});
