import { readFileSync } from "node:fs";
import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { Agent, type AgentConnectOpts } from "agent-base";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { HalfpriceError } from "../foundation/errors.ts";
import { isLoopback } from "./is-loopback.ts";
import { sdk } from "./sdk.ts";

/** Variables with which a company's network is described; in lower case they mean the same, but for the certificates. */
const proxyVariables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] as const;

const readVariable = (name: string): string | undefined =>
  process.env[name.toLowerCase()] || process.env[name] || undefined;

/**
 * The handler with which a client of the SDK goes through the proxy of the environment and trusts its certificates, or
 * undefined where nothing is said: then the SDK's own is right. The SDK for JavaScript reads none of these variables itself
 * (https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-proxies.html, read 2026-11-30); the AWS CLI
 * and boto3 do. It speaks HTTP/1.1, also to the Bedrock runtime: a CONNECT tunnel of these agents carries nothing else.
 * @throws BAD_OPTIONS where a proxy is no http or https URL, or a file of certificates cannot be read
 */
export function makeRequestHandler(): NodeHttpHandler | undefined {
  const agent = makeEnvironmentAgent();
  if (agent === undefined) return undefined;
  return new sdk.http.NodeHttpHandler({
    httpAgent: agent,
    // One agent for both: it looks at each request. The handler's type asks for the class of Node's own.
    httpsAgent: agent as unknown as HttpsAgent,
  });
}

/** The same for a request of `node:http` and `node:https`; undefined where the environment says nothing. @throws BAD_OPTIONS */
export function makeEnvironmentAgent(): HttpAgent | undefined {
  const bundle = process.env["AWS_CA_BUNDLE"] || undefined;
  const hasProxy = proxyVariables.some((name) => readVariable(name) !== undefined);
  if (!hasProxy && bundle === undefined) return undefined;
  checkProxies();
  return new EnvironmentAgent(bundle === undefined ? undefined : readCertificates(bundle));
}

/** The proxy that a request to an address goes through; undefined where it goes straight there. */
function resolveProxy(url: string): string | undefined {
  // A service on this machine is never behind a proxy (as in Go's http package; curl and boto3 want NO_PROXY for it).
  if (isLoopback(new URL(url).hostname)) return undefined;
  const proxy = getProxyForUrl(url);
  if (proxy === "") return undefined;
  // `proxy.example:3128`: proxy-from-env gives it the scheme of the request; a proxy is spoken to in HTTP unless it says otherwise.
  const isBare = proxyVariables.some((name) => {
    const value = readVariable(name);
    return value !== undefined && !value.includes("://") && proxy.endsWith(`://${value}`);
  });
  return isBare ? proxy.replace(/^https:/, "http:") : proxy;
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
    ...rootCertificates,
    ...(extra === undefined ? [] : [read("NODE_EXTRA_CA_CERTS", extra)]),
    read("AWS_CA_BUNDLE", bundle),
  ];
}

/** Chooses for each request whether it goes through a proxy, as NO_PROXY says. Connections are kept and used again. */
class EnvironmentAgent extends Agent {
  readonly #certificates: readonly string[] | undefined;
  readonly #agents = new Map<string, HttpAgent>();

  constructor(certificates: readonly string[] | undefined) {
    super({ keepAlive: true, maxSockets: 50 });
    this.#certificates = certificates;
  }

  connect(_request: ClientRequest, options: AgentConnectOpts): HttpAgent {
    const { secureEndpoint: isSecure, port } = options;
    const host = options.host ?? "localhost";
    const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
    const proxy = resolveProxy(`${isSecure ? "https" : "http"}://${name}:${port}`);
    const key = `${isSecure ? "https" : "http"} ${proxy ?? "direct"}`;
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const agent = this.#open(isSecure, proxy);
    this.#agents.set(key, agent);
    return agent;
  }

  override destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
    super.destroy();
  }

  #open(isSecure: boolean, proxy: string | undefined): HttpAgent {
    const ca = this.#certificates === undefined ? {} : { ca: [...this.#certificates] };
    const kept = { keepAlive: true, maxSockets: 50 };
    if (proxy === undefined) return isSecure ? new HttpsAgent({ ...kept, ...ca }) : new HttpAgent(kept);
    if (isSecure) return new TrustingProxyAgent(proxy, { ...kept, ...ca });
    return new HttpProxyAgent(proxy, { ...kept, ...ca });
  }
}

/** Trusts its certificates behind the tunnel too: the base class uses them for the way to the proxy only. */
class TrustingProxyAgent extends HttpsProxyAgent<string> {
  override async connect(request: ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    const { ca } = this.connectOpts;
    const trusting = ca !== undefined && options.secureEndpoint ? { ...options, ca } : options;
    return super.connect(request, trusting);
  }
}
