import { readFileSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { nodeNetwork } from "../foundation/node-network.ts";
import { proxyVariables, readVariable } from "./environment/proxy-variables.ts";
import { sdk } from "./sdk.ts";

/**
 * The handler with which a client of the SDK goes through the proxy of the environment and trusts its certificates, or
 * undefined where nothing is said: then the SDK's own is right. The SDK for JavaScript reads none of these variables itself
 * (https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-proxies.html, read 2026-11-30); the AWS CLI
 * and boto3 do. It speaks HTTP/1.1, also to the Bedrock runtime: a CONNECT tunnel of these agents carries nothing else.
 * @throws BAD_OPTIONS where a proxy is no http or https URL, or a file of certificates cannot be read
 */
export function makeRequestHandler(): NodeHttpHandler | undefined {
  const bundle = process.env["AWS_CA_BUNDLE"] || undefined;
  const hasProxy = proxyVariables.some((name) => readVariable(name) !== undefined);
  if (!hasProxy && bundle === undefined) return undefined;
  checkProxies();
  const certificates = bundle === undefined ? undefined : readCertificates(bundle);
  return new sdk.http.NodeHttpHandler(async () => {
    const agent = await openAgent(certificates);
    // One agent for both: it looks at each request. The handler's type asks for the class of Node's own.
    return { httpAgent: agent, httpsAgent: agent as unknown as HttpsAgent };
  });
}

/** The same for a request of `node:http` and `node:https`; undefined where the environment says nothing. @throws BAD_OPTIONS */
export async function makeEnvironmentAgent(): Promise<HttpAgent | undefined> {
  const bundle = process.env["AWS_CA_BUNDLE"] || undefined;
  const hasProxy = proxyVariables.some((name) => readVariable(name) !== undefined);
  if (!hasProxy && bundle === undefined) return undefined;
  checkProxies();
  return openAgent(bundle === undefined ? undefined : readCertificates(bundle));
}

/** The door to four packages that nobody needs who has no proxy: the agent is a class on top of one of them. */
async function openAgent(certificates: readonly string[] | undefined): Promise<HttpAgent> {
  const { EnvironmentAgent } = await import("./environment/agent.ts");
  return new EnvironmentAgent(certificates);
}

/** @throws BAD_OPTIONS */
function checkProxies(): void {
  const problems = proxyVariables.flatMap((name) => {
    const value = readVariable(name);
    if (value === undefined) return [];
    const url = parseProxy(value);
    if (url !== undefined && /^https?:$/.test(url.protocol)) return [];
    return [`${name} is ${JSON.stringify(value)}; it has to be an http or https proxy: http://proxy.example:3128`];
  });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice doctor" });
}

function parseProxy(value: string): URL | undefined {
  try {
    return new URL(value.includes("://") ? value : `http://${value}`);
  } catch {
    return undefined;
  }
}

/** AWS_CA_BUNDLE beside what Node trusts: naming certificates would otherwise end NODE_EXTRA_CA_CERTS. */
function readCertificates(bundle: string): string[] {
  const extra = process.env["NODE_EXTRA_CA_CERTS"] || undefined;
  const read = (name: string, path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      const problems = [`${name} is ${JSON.stringify(path)}, which cannot be read: ${(cause as Error).message}`];
      throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice doctor" }, { cause });
    }
  };
  return [
    ...nodeNetwork.tls.rootCertificates,
    ...(extra === undefined ? [] : [read("NODE_EXTRA_CA_CERTS", extra)]),
    read("AWS_CA_BUNDLE", bundle),
  ];
}
