import { makeLocalPlace } from "../../src/access/make-local-place.ts";
import type { Connection } from "../../src/aws/connection.ts";
import type { LocalServer } from "../../src/local/index.ts";

type LocalConnection = Required<Pick<Connection, "region" | "endpointUrl" | "dummyCredentials">>;

/** What leads to a local service, as its administrator where it enforces policies. */
export function connectionTo({ url, region, env }: LocalServer): LocalConnection {
  const dummyCredentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY };
  return { region, endpointUrl: url, dummyCredentials };
}

/** The same, for a client of the AWS SDK. */
export function clientOptions(server: LocalServer): {
  endpoint: string;
  region: string;
  credentials: LocalConnection["dummyCredentials"];
} {
  const { region, endpointUrl: endpoint, dummyCredentials: credentials } = connectionTo(server);
  return { endpoint, region, credentials };
}

const usualNames = { bucket: "my-bucket", prefix: "halfprice/", roleName: "BatchRole" };

/** A bucket and a role on a local service. */
export interface LocalPlace {
  readonly bucket: string;
  readonly roleArn: string;
  readonly connection: LocalConnection;
  /** The options that tell the command of bucket and role. */
  readonly place: string[];
  /** The variables that tell the command of service, bucket and role. */
  readonly env: Record<string, string>;
}

/** Makes a bucket and a role on a local service, with the usual names or with others. */
export async function placeOn(server: LocalServer, names: Partial<typeof usualNames> = {}): Promise<LocalPlace> {
  const connection = connectionTo(server);
  const { bucket, roleArn } = await makeLocalPlace(connection, { ...usualNames, ...names });
  return {
    bucket,
    roleArn,
    connection,
    place: ["--bucket", bucket, "--role", roleArn],
    env: { ...server.env, HALFPRICE_BUCKET: bucket, HALFPRICE_ROLE_ARN: roleArn },
  };
}
