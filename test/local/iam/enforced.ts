/** An enforcing local service with its administrator's clients, and a way to make further callers. */
import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { makeSteppedClock, type SteppedClock } from "../../../src/local/clock.ts";
import { type LocalOptions, type LocalServer, startLocal } from "../../../src/local/start-local.ts";
import { credentials } from "../served.ts";

export const account = "123456789012";

export type Statement = Readonly<Record<string, unknown>>;
export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
export const allow = (
  Action: string | string[],
  Resource: string | string[] = "*",
  more: Statement = {},
): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
export const deny = (
  Action: string | string[],
  Resource: string | string[] = "*",
  more: Statement = {},
): Statement => ({
  ...allow(Action, Resource, more),
  Effect: "Deny",
});

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Clients {
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly bedrock: BedrockClient;
  readonly runtime: BedrockRuntimeClient;
  readonly quotas: ServiceQuotasClient;
  readonly cloudwatch: CloudWatchClient;
}

export interface Enforced {
  readonly local: LocalServer<SteppedClock>;
  readonly admin: Clients;
  clientsOf(keys: Keys): Clients;
  /** A user with one inline policy. */
  makeUser(name: string, ...statements: readonly Statement[]): Promise<Clients>;
  setUser(name: string, ...statements: readonly Statement[]): Promise<void>;
  /** A role with one inline policy; its ARN. */
  makeRole(name: string, trust: Statement, ...statements: readonly Statement[]): Promise<string>;
  close(): Promise<void>;
}

export async function enforce(options: LocalOptions = {}): Promise<Enforced> {
  const clock = makeSteppedClock(Date.parse("2026-11-21T09:00:00Z"));
  const local = await startLocal({ ...options, clock, enforceIam: true });
  const opened: Clients[] = [];
  const clientsOf = (keys: Keys): Clients => {
    const config = { endpoint: local.url, region: "us-east-1", credentials: keys, maxAttempts: 1 };
    const clients: Clients = {
      s3: new S3Client(config),
      iam: new IAMClient(config),
      sts: new STSClient(config),
      bedrock: new BedrockClient(config),
      runtime: new BedrockRuntimeClient(config),
      quotas: new ServiceQuotasClient(config),
      cloudwatch: new CloudWatchClient(config),
    };
    opened.push(clients);
    return clients;
  };
  const admin = clientsOf(credentials);
  const setUser: Enforced["setUser"] = async (name, ...statements) => {
    const PolicyDocument = policy(...statements);
    await admin.iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: "work", PolicyDocument }));
  };
  return {
    local,
    admin,
    clientsOf,
    setUser,
    async makeUser(name, ...statements) {
      await admin.iam.send(new CreateUserCommand({ UserName: name }));
      if (statements.length > 0) await setUser(name, ...statements);
      const { AccessKey } = await admin.iam.send(new CreateAccessKeyCommand({ UserName: name }));
      return clientsOf({
        accessKeyId: AccessKey?.AccessKeyId ?? "",
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      });
    },
    async makeRole(name, trust, ...statements) {
      const role = { RoleName: name, AssumeRolePolicyDocument: policy(trust) };
      const { Role } = await admin.iam.send(new CreateRoleCommand(role));
      if (statements.length > 0) {
        const PolicyDocument = policy(...statements);
        await admin.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "work", PolicyDocument }));
      }
      return Role?.Arn ?? "";
    },
    async close() {
      for (const clients of opened)
        for (const client of Object.values<{ destroy(): void }>({ ...clients })) client.destroy();
      await local.close();
    },
  };
}

/** What a call is refused with; throws where it is not. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; status: number; message: string }> {
  const error = await call.then(
    () => undefined,
    (thrown: Error & { readonly $metadata: { readonly httpStatusCode: number } }) => thrown,
  );
  if (error === undefined) throw new Error("the call was not refused");
  return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
}
