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
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly ignoreCache: true;
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const maxAttempts = 5;

export function makeClientOptions({ region, profile, endpointUrl, dummyCredentials }: Connection): ClientOptions {
  return {
    maxAttempts,
    // Goes on to the credential chain: a client that is opened anew reads the profile's files anew. Without it the SDK keeps
    // what it read first for as long as the process lives (seen with client-bedrock 3.1162.0, 2026-11-21).
    ignoreCache: true,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(dummyCredentials === undefined ? {} : { credentials: dummyCredentials }),
  };
}

/** Whether an endpoint is on this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}
