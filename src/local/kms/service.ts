/** KMS on the wire: awsJson 1.1. */
import { checkCaller } from "../iam/check-caller.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { answerAwsJson, checkInput, type JsonOperation, readJsonRequest, targetOf } from "../wire/aws-json.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";
import { createAlias, deleteAlias, listAliases } from "./aliases.ts";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./key-policies.ts";
import {
  cancelKeyDeletion,
  createKey,
  describeKeyOperation,
  disableKey,
  enableKey,
  listKeys,
  scheduleKeyDeletion,
} from "./keys.ts";
import type { KmsContext } from "./operation.ts";
import type { KmsStore } from "./store.ts";

export const kmsOperations: readonly JsonOperation<KmsContext>[] = [
  createKey,
  describeKeyOperation,
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
];

/** Known, and not built: S3 uses the keys here, and nobody else does. */
export const kmsNotBuilt: readonly string[] = [
  ...["Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt"],
  ...["CreateGrant", "ListGrants", "RetireGrant", "RevokeGrant", "ListRetirableGrants"],
  ...["EnableKeyRotation", "DisableKeyRotation", "GetKeyRotationStatus", "UpdateAlias", "UpdateKeyDescription"],
  ...["TagResource", "UntagResource", "ListResourceTags"],
];

const version = "1.1";

export function makeKmsService(world: World, store: KmsStore): LocalService {
  const context = { world, store };
  return {
    signingName: "kms",
    async handle(request) {
      const response = await answer(context, request);
      return { ...response, headers: { "x-amzn-requestid": request.requestId, ...response.headers } };
    },
  };
}

async function answer(context: KmsContext, request: WireRequest): Promise<WireResponse> {
  const name = targetOf(request);
  const operation = kmsOperations.find((each) => each.name === name);
  try {
    if (operation === undefined) return answerNotServed(name);
    const input = checkInput(operation.input, await readJsonRequest(request), "ValidationException");
    checkRight(operation.name, input, context, request);
    return answerAwsJson(version, 200, await operation.act(input, context, request));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return answerAwsJson(version, 400, { __type: error.type, message: error.message });
  }
}

/** A call about a key is decided by the key's policy too, and first of all. @throws Refusal AccessDeniedException */
function checkRight(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  { world, store }: KmsContext,
  request: WireRequest,
): void {
  const action = `kms:${operation}`;
  const named = input["KeyId"] ?? input["TargetKeyId"] ?? findAliased(input, store, request.region);
  // The right to list is one to all keys, also where one is named.
  if (typeof named !== "string" || operation === "ListAliases")
    return checkCaller(world, request, { action, resource: "*" });
  const key = store.find(named, request.region);
  // What is not there is told to who may ask for anything.
  if (key === undefined) return;
  checkCaller(world, request, { action, resource: key.arn, keyPolicy: key.policy });
}

const findAliased = ({ AliasName: name }: Readonly<Record<string, unknown>>, store: KmsStore, region: string) =>
  store.listAliases(region).find((alias) => alias.name === name)?.keyId;

const answerNotServed = (name: string | undefined): WireResponse =>
  name !== undefined && kmsNotBuilt.includes(name)
    ? answerAwsJson(version, 501, {
        __type: "NotImplementedException",
        message: `${name} is not built in the local service.`,
      })
    : answerAwsJson(version, 400, { __type: "UnknownOperationException" });
