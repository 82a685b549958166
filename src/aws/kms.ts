import { defined } from "../foundation/defined.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling, isRefusal } from "./wrap-error.ts";

/** A key as KMS describes it. */
export interface KeyFacts {
  /** The key's own ARN, also where it was asked for by an alias. */
  readonly arn: string;
  /** Twelve digits: who owns it. */
  readonly accountId: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable`, … */
  readonly state: string;
  /** Whether it is one that S3 can encrypt with: symmetric, to encrypt and decrypt. */
  readonly isForFiles: boolean;
  /** Whether AWS made and manages it for a service: its policy cannot be changed. */
  readonly isAwsManaged: boolean;
  readonly deletionAtMs?: number;
}

/** Keys and their policies; S3 alone encrypts with them here. */
export interface KeyAccess {
  /** @param name an id, an alias, or the ARN of either. @returns `none` where there is no such key. @throws SERVICE_REFUSED */
  readKey(name: string): Promise<KeyFacts | "none" | "denied">;
  /**
   * The key's own policy, JSON text; undefined where this caller may not read it. Only for keys of the caller's account.
   * @throws SERVICE_REFUSED
   */
  readPolicy(keyArn: string): Promise<string | undefined>;
  /** Replaces the key's policy. KMS refuses one that its writer could not change again. @throws SERVICE_REFUSED */
  putPolicy(keyArn: string, policy: string): Promise<void>;
  close(): void;
}

const denials = ["AccessDeniedException", "AccessDenied"] as const;

/** Reads KMS keys and their policies, and writes a policy. Close it after use. */
export function openKeyAccess(connection: Connection): KeyAccess {
  const client = new sdk.kms.KMSClient(makeClientOptions(connection));
  return {
    async readKey(name) {
      try {
        return await calling("KMS", "DescribeKey", async () => {
          const { KeyMetadata: key } = await client.send(new sdk.kms.DescribeKeyCommand({ KeyId: name }));
          const deletionAtMs = key?.DeletionDate?.getTime();
          return {
            arn: key?.Arn ?? name,
            accountId: key?.AWSAccountId ?? "",
            state: key?.KeyState ?? "",
            isForFiles: key?.KeyUsage === "ENCRYPT_DECRYPT" && key.KeySpec === "SYMMETRIC_DEFAULT",
            isAwsManaged: key?.KeyManager === "AWS",
            ...defined({ deletionAtMs }),
          };
        });
      } catch (error) {
        if (isRefusal(error, "NotFoundException", "InvalidArnException")) return "none";
        if (isRefusal(error, ...denials)) return "denied";
        throw error;
      }
    },
    async readPolicy(keyArn) {
      try {
        return await calling("KMS", "GetKeyPolicy", async () => {
          const command = new sdk.kms.GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: "default" });
          return (await client.send(command)).Policy ?? "{}";
        });
      } catch (error) {
        if (isRefusal(error, ...denials)) return undefined;
        throw error;
      }
    },
    putPolicy: (keyArn, policy) =>
      calling("KMS", "PutKeyPolicy", async () => {
        await client.send(new sdk.kms.PutKeyPolicyCommand({ KeyId: keyArn, PolicyName: "default", Policy: policy }));
      }),
    close: () => client.destroy(),
  };
}
