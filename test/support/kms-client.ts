import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";

/** Who calls. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const commands = {
  CancelKeyDeletion: CancelKeyDeletionCommand,
  CreateAlias: CreateAliasCommand,
  CreateKey: CreateKeyCommand,
  DeleteAlias: DeleteAliasCommand,
  DescribeKey: DescribeKeyCommand,
  DisableKey: DisableKeyCommand,
  EnableKey: EnableKeyCommand,
  Encrypt: EncryptCommand,
  GetKeyPolicy: GetKeyPolicyCommand,
  ListAliases: ListAliasesCommand,
  ListKeyPolicies: ListKeyPoliciesCommand,
  ListKeys: ListKeysCommand,
  PutKeyPolicy: PutKeyPolicyCommand,
  ScheduleKeyDeletion: ScheduleKeyDeletionCommand,
} as const;
export type KmsOperation = keyof typeof commands;

/** One call of KMS. @throws the SDK's error, by its type's name */
export async function callKms(
  { url, region }: { readonly url: string; readonly region: string },
  credentials: Keys,
  operation: KmsOperation,
  input: object,
): Promise<Record<string, unknown>> {
  const client = new KMSClient({ endpoint: url, region, credentials, maxAttempts: 1 });
  const Command = commands[operation] as unknown as new (given: object) => DescribeKeyCommand;
  try {
    return { ...(await client.send(new Command(input))) };
  } finally {
    client.destroy();
  }
}

/** Makes a key. @returns its ARN */
export async function makeKmsKey(
  server: { readonly url: string; readonly region: string },
  keys: Keys,
  policy?: object,
): Promise<string> {
  const input = policy === undefined ? {} : { Policy: JSON.stringify(policy), BypassPolicyLockoutSafetyCheck: true };
  const { KeyMetadata } = (await callKms(server, keys, "CreateKey", input)) as { KeyMetadata: { Arn: string } };
  return KeyMetadata.Arn;
}
