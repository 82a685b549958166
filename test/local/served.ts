/** The whole local service on a port, with real clients of the AWS SDK that point at it. */

import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { S3Client, type S3ClientConfig, S3ServiceException } from "@aws-sdk/client-s3";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/start-local.ts";

/** The key that `env` hands out. */
export const credentials = { accessKeyId: "test", secretAccessKey: "test" };

export interface Served {
  readonly local: LocalServer;
  readonly s3: S3Client;
  /** A further client; closed with the rest. */
  readonly openS3: (config?: S3ClientConfig) => S3Client;
  close(): Promise<void>;
}

/** Signatures are verified unless said otherwise: so every test of an operation is one of the verifier too. */
export async function serve(options: LocalOptions = {}): Promise<Served> {
  const local = await startLocal({ verifySignatures: true, ...options });
  const clients: S3Client[] = [];
  const openS3 = (config: S3ClientConfig = {}): S3Client => {
    const client = new S3Client({ endpoint: local.url, region: "us-east-1", credentials, maxAttempts: 1, ...config });
    clients.push(client);
    return client;
  };
  return {
    local,
    s3: openS3(),
    openS3,
    async close() {
      for (const client of clients) client.destroy();
      await local.close();
    },
  };
}

/** What a call was refused with, or undefined where it was not. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ code: string; status: number | undefined } | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return { code: error.name, status: error.$metadata.httpStatusCode };
  }
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as it is, unsigned unless its headers say otherwise. */
export function send(
  url: string,
  {
    method = "GET",
    path,
    headers = {},
    body,
  }: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
