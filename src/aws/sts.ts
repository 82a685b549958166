import { defined } from "../foundation/defined.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { explainUnknownProfile } from "./environment/profiles.ts";
import { isLoopback } from "./is-loopback.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** Who the credentials belong to, and where calls go. */
export interface Identity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
  /** Whether the answer came from this machine. */
  readonly isLocal: boolean;
  /** When the credentials end; absent for those that do not. */
  readonly expiresAtMs?: number;
  /** The service's clock when it answered; absent where it did not say. */
  readonly serverTimeMs?: number;
}

/**
 * Who the credentials belong to, and in which region the SDK would work.
 * @throws NO_REGION, NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function readIdentity(connection: Connection): Promise<Identity> {
  const { profile } = connection;
  return calling("STS", "GetCallerIdentity", async () => {
    const client = new sdk.sts.STSClient(makeClientOptions(connection));
    let host = "";
    let serverTimeMs = Number.NaN;
    client.middlewareStack.add(
      (next) => async (args) => {
        host = (args.request as { hostname?: string }).hostname ?? "";
        const answer = await next(args);
        const { headers = {} } = answer.response as { headers?: Record<string, string> };
        serverTimeMs = Date.parse(headers["date"] ?? "");
        return answer;
      },
      { step: "finalizeRequest" },
    );
    try {
      const { Account: accountId = "", Arn: arn = "" } = await client
        .send(new sdk.sts.GetCallerIdentityCommand({}))
        .catch((cause: unknown) => {
          // The chain says no more than that it found nothing.
          const unknown = profile === undefined ? undefined : explainUnknownProfile(profile);
          const isMissing = cause instanceof Error && cause.name === "CredentialsProviderError";
          throw isMissing && unknown !== undefined ? new HalfpriceError("NO_CREDENTIALS", unknown, { cause }) : cause;
        });
      const expiresAtMs = (await client.config.credentials()).expiration?.getTime();
      return {
        accountId,
        arn,
        region: await client.config.region(),
        isLocal: isLoopback(host),
        ...defined({ expiresAtMs }),
        ...(Number.isNaN(serverTimeMs) ? {} : { serverTimeMs }),
      };
    } finally {
      client.destroy();
    }
  });
}
