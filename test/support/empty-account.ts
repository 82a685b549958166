/** An empty account on the enforcing local service, and setup on it. */
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import { type LocalServer, startLocal } from "../../src/local/index.ts";
import { openSetup } from "../../src/setup/set-up.ts";
import { type SetupRequest } from "../../src/setup/setup-scope.ts";
import { makeSession, type Session } from "../../src/workspace/session.ts";
import { makeFolder } from "./folder.ts";

export const account = "123456789012";
export const bucket = `halfprice-${account}-us-east-1`;
export const roleArn = `arn:aws:iam::${account}:role/HalfpriceBatchRole-us-east-1`;
export const ann = `arn:aws:iam::${account}:user/ann`;
export const administrator = { accessKeyId: "test", secretAccessKey: "test" };
export const usual: SetupRequest = { models: ["claude-haiku-4.5"], expireDays: 30 };

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface EmptyAccount {
  readonly server: LocalServer;
  readonly folder: string;
  /** The administrator's clients. */
  readonly iam: IAMClient;
  readonly s3: S3Client;
  /** A session of the administrator, or of other keys. */
  readonly openSession: (keys?: Keys, place?: Partial<Session["config"]>) => Session;
  /** Sets up; says what was found and done, as `action name`. */
  readonly setUp: (request?: Partial<SetupRequest>, session?: Session) => Promise<string[]>;
  readonly makeUser: (name: string) => Promise<Keys>;
}

/** For one test. */
export async function openAccount(): Promise<EmptyAccount> {
  const folder = makeFolder();
  const server = await startLocal({ speed: 6000, seed: 1, enforceIam: true });
  const config = { endpoint: server.url, region: "us-east-1", credentials: administrator, forcePathStyle: true };
  const [iam, s3] = [new IAMClient(config), new S3Client(config)];
  onTestFinished(async () => {
    iam.destroy();
    s3.destroy();
    await server.close();
  });
  const openSession: EmptyAccount["openSession"] = (keys = administrator, place = {}) => {
    const connection = { region: server.region, endpointUrl: server.url, dummyCredentials: keys };
    const none = { bucket: undefined, roleArn: undefined, profile: undefined, endpointUrl: undefined };
    const usualConfig = { workspace: join(folder, ".halfprice"), region: server.region, prefix: "halfprice/", ...none };
    return makeSession({ ...usualConfig, ...place }, { connection, sleep: () => Promise.resolve() });
  };
  return {
    server,
    folder,
    iam,
    s3,
    openSession,
    async setUp(request = {}, session = openSession()) {
      const setup = await openSetup(session, { ...usual, ...request }, folder);
      try {
        await setup.apply(() => undefined);
        return setup.plan.parts.map(({ action, name }) => `${action} ${name}`);
      } finally {
        setup.close();
      }
    },
    async makeUser(name) {
      await iam.send(new CreateUserCommand({ UserName: name }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
    },
  };
}
