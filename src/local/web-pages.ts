/**
 * Keeps web pages out. A service on loopback can be reached by every page that its user opens: with requests that need no
 * permission (a form, an image, `fetch` with `no-cors`), and, where a page's own name is made to lead to 127.0.0.1 (DNS rebinding),
 * with answers that it may read. Browsers say where a request comes from in `Host`, `Origin` and `Sec-Fetch-Site`, which a page
 * cannot change (Fetch Standard, "forbidden request-header"; Fetch Metadata Request Headers; read 2026-11-30). AWS clients send
 * none of them but `Host`.
 */
import { isIP } from "node:net";
import type { WireResponse } from "./service.ts";

/** Web pages that may use the service, by their origins: `http://localhost:3000`, or `null` for files. */
export type AllowedOrigins = ReadonlySet<string>;

type Headers = Readonly<Record<string, string>>;

/** What a browser says about where a request comes from. */
interface PageHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | undefined;
}

/** @throws RangeError for what is no origin */
export function parseOrigins(texts: readonly string[]): AllowedOrigins {
  return new Set(
    texts.map((text) => {
      const url = text === "null" || !URL.canParse(text) ? undefined : new URL(text);
      const isOrigin = /^https?:$/.test(url?.protocol ?? "") && url?.pathname === "/" && !/[?#@*]/.test(text);
      if (text === "null") return text;
      if (url !== undefined && isOrigin) return url.origin;
      throw new RangeError(
        `the origin ${JSON.stringify(text)} cannot be allowed; it has to be http:// or https://, a name and a port, such as http://localhost:3000, or null`,
      );
    }),
  );
}

/**
 * What stands against a request that a web page may have made, in words; undefined where nothing does.
 * @param advise - what to do about it, for a page of this origin
 */
export function findPageProblem(
  headers: PageHeaders,
  allowed: AllowedOrigins,
  advise: (origin: string) => string = adviseToAllow,
): string | undefined {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (host !== undefined && !isOwnHost(host, allowed))
    return `This service listens on 127.0.0.1 only and is not ${host}: a name that leads here may be a web page's trick. ${advise(`http://${host}`)}`;
  if (origin !== undefined && allowed.has(origin)) return undefined;
  if (origin !== undefined && origin !== `http://${host}`)
    return `Web pages may not use this service, and this request comes from one (Origin: ${origin}). ${advise(origin)}`;
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return `Web pages may not use this service, and this request comes from one (Sec-Fetch-Site: ${site}). ${advise("<its origin>")}`;
  return undefined;
}

const adviseToAllow = (origin: string): string => `To allow it: halfprice local --allow-origin ${origin}`;

/**
 * A name in the public DNS is somebody's; addresses, names without a dot, and AWS's own can be nobody else's, nor can names
 * under `internal` (`host.docker.internal`), which are reserved for private use (ICANN Board, 2024-07-29).
 */
function isOwnHost(host: string, allowed: AllowedOrigins): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0 || !name.includes(".")) return true;
  if (/\.(localhost|internal|amazonaws\.com|amazonaws\.com\.cn)$/.test(name)) return true;
  return allowed.has(`http://${host}`) || allowed.has(`https://${host}`);
}

/** What a browser wants to be told before it lets an allowed page read an answer. */
export function corsHeaders(headers: Headers, allowed: AllowedOrigins): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !allowed.has(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "*",
    vary: "Origin",
  };
}

/** The answer to a browser that asks before a request; undefined for anything else. */
export function answerPreflight(method: string, headers: Headers, allowed: AllowedOrigins): WireResponse | undefined {
  const wanted = headers["access-control-request-method"];
  if (method !== "OPTIONS" || wanted === undefined || !allowed.has(headers["origin"] ?? "")) return undefined;
  const named = headers["access-control-request-headers"];
  return {
    status: 204,
    headers: {
      ...corsHeaders(headers, allowed),
      "access-control-allow-methods": wanted,
      ...(named === undefined ? {} : { "access-control-allow-headers": named }),
      "access-control-max-age": "600",
    },
    body: "",
  };
}
