import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Connection, isLoopback, makeClientOptions } from "./connection.ts";
import { calling } from "./wrap-error.ts";

export interface Identity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
  /** Whether the answer came from this machine. */
  readonly isLocal: boolean;
}

/**
 * Who the credentials belong to, and in which region the SDK would work.
 * @throws NO_REGION, NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function readIdentity(connection: Connection): Promise<Identity> {
  return calling("STS", "GetCallerIdentity", async () => {
    const client = new STSClient(makeClientOptions(connection));
    let host = "";
    client.middlewareStack.add(
      (next) => (args) => {
        host = (args.request as { hostname?: string }).hostname ?? "";
        return next(args);
      },
      { step: "finalizeRequest" },
    );
    try {
      const { Account: accountId = "", Arn: arn = "" } = await client.send(new GetCallerIdentityCommand({}));
      return { accountId, arn, region: await client.config.region(), isLocal: isLoopback(host) };
    } finally {
      client.destroy();
    }
  });
}
