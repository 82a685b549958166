import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { findInstanceRegion } from "./environment/instance-region.ts";
import { findEnvironmentRegion } from "./environment/variables.ts";
import { makeRequestHandler } from "./network.ts";

/** How to reach AWS, or what speaks like it. What is left out comes from the SDK's own chain. */
export interface Connection {
  readonly region?: string;
  readonly profile?: string;
  /** For every service; a port on loopback is the local service. */
  readonly endpointUrl?: string;
  /** Only for the local service: it takes any. */
  readonly dummyCredentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What every client of the SDK is made with. */
export interface ClientOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<Connection["dummyCredentials"]> | ReturnType<typeof defaultProvider>;
  readonly requestHandler?: NodeHttpHandler;
  readonly maxAttempts: number;
  readonly ignoreCache: true;
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const maxAttempts = 5;

/** @throws BAD_OPTIONS where the environment's proxy or certificates cannot be used */
export function makeClientOptions({
  region: given,
  profile,
  endpointUrl,
  dummyCredentials,
}: Connection): ClientOptions {
  // The profile's own region is the SDK's to find; the instance's was asked for only where that found none.
  const region = given ?? findEnvironmentRegion() ?? findInstanceRegion();
  const requestHandler = makeRequestHandler();
  const chain = { ignoreCache: true, ...(profile === undefined ? {} : { profile }) };
  return {
    maxAttempts,
    // Goes on to the credential chain: a client that is opened anew reads the profile's files anew. Without it the SDK keeps
    // what it read first for as long as the process lives (seen with client-bedrock 3.1162.0, 2026-11-21).
    ignoreCache: true,
    ...(region === undefined ? {} : { region }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
    // The clients with which credentials are fetched (SSO, STS) go the same way.
    ...(requestHandler === undefined
      ? {}
      : { credentials: defaultProvider({ ...chain, clientConfig: { requestHandler } }) }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(dummyCredentials === undefined ? {} : { credentials: dummyCredentials }),
  };
}
