import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { defined } from "../foundation/defined.ts";
import { findInstanceRegion } from "./environment/instance-region.ts";
import { findEnvironmentRegion } from "./environment/variables.ts";
import { makeRequestHandler } from "./network.ts";
import { sdk } from "./sdk.ts";

/** Keys of a caller, as the SDK takes them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; a provider is asked again before. */
  readonly expiration?: Date;
}

/** What AWS clients are made with, beside region, profile and endpoint. */
export interface AwsOptions {
  /** Keys, or a function that fetches them: any credential provider of the SDK. @defaultValue the SDK's own chain */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** The handler of HTTP requests, such as a NodeHttpHandler of `@smithy/node-http-handler`. @defaultValue one that follows the environment's proxy */
  readonly requestHandler?: object;
  /** How often the SDK tries a call, the first time included. @defaultValue 5 */
  readonly maxAttempts?: number;
}

/** How to reach AWS, or what speaks like it. What is left out comes from the SDK's own chain. */
export interface Connection {
  readonly region?: string;
  readonly profile?: string;
  /** For every service; a port on loopback is the local service. */
  readonly endpointUrl?: string;
  /** Only for the local service: it takes any. */
  readonly dummyCredentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What a program has set for its clients. */
  readonly aws?: AwsOptions;
}

/** What every client of the SDK is made with. */
export interface ClientOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
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
  aws = {},
}: Connection): ClientOptions {
  // The profile's own region is the SDK's to find; the instance's was asked for only where that found none.
  const region = given ?? findEnvironmentRegion() ?? findInstanceRegion();
  const requestHandler = (aws.requestHandler as NodeHttpHandler | undefined) ?? makeRequestHandler();
  const chain = { ignoreCache: true, ...defined({ profile }) };
  return {
    maxAttempts: aws.maxAttempts ?? maxAttempts,
    // Goes on to the credential chain: a client that is opened anew reads the profile's files anew. Without it the SDK keeps
    // what it read first for as long as the process lives (seen with client-bedrock 3.1162.0, 2026-11-21).
    ignoreCache: true,
    ...defined({ region, requestHandler }),
    // The clients with which credentials are fetched (SSO, STS) go the same way.
    ...(requestHandler === undefined
      ? {}
      : { credentials: sdk.credentialProvider.defaultProvider({ ...chain, clientConfig: { requestHandler } }) }),
    ...defined({ profile, endpoint: endpointUrl, credentials: dummyCredentials ?? aws.credentials }),
  };
}
