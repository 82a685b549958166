import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import { Agent, type AgentConnectOpts } from "agent-base";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { isLoopback } from "../is-loopback.ts";
import { proxyVariables, readVariable } from "./proxy-variables.ts";

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

/** Chooses for each request whether it goes through a proxy, as NO_PROXY says. Connections are kept and used again. */
export class EnvironmentAgent extends Agent {
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
