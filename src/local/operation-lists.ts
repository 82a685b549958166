/** The operations of every service, in the order of docs/local-service.md. */
import { bedrockOperations } from "./bedrock/operations.ts";
import { runtimeOperations } from "./bedrock-runtime/operations.ts";
import { cloudWatchOperations } from "./cloudwatch/operations.ts";
import { iamOperations } from "./iam/operations.ts";
import { kmsOperations } from "./kms/operations.ts";
import type { OperationList } from "./operation.ts";
import { s3Operations } from "./s3/operations.ts";
import { serviceQuotasOperations } from "./service-quotas/operations.ts";
import { stsOperations } from "./sts/operations.ts";

export const operationLists: readonly OperationList[] = [
  bedrockOperations,
  runtimeOperations,
  serviceQuotasOperations,
  cloudWatchOperations,
  s3Operations,
  stsOperations,
  kmsOperations,
  iamOperations,
];
