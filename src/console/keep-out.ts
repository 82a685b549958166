import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** A secret that whoever opens the console has to know. */
export const makeToken = (): string => randomBytes(24).toString("base64url");

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Nothing is loaded from elsewhere, nothing but the console's own script runs, and no page may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A run's report is a file of its own: its styles are in it, and nothing in it runs. */
export const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/**
 * Lets in who has the token, and nobody else: it comes once in the address, and becomes a cookie that no script reads. A page of another
 * origin is refused whether it has a cookie or not, and so is a name that leads here (DNS rebinding).
 */
export function keepOthersOut(app: FastifyInstance, token: string, portOf: () => number): void {
  const wanted = digest(token);
  const isToken = (text: string | undefined): boolean => text !== undefined && timingSafeEqual(digest(text), wanted);
  app.addHook("onRequest", async (request, reply) => {
    const port = portOf();
    reply.headers({
      "content-security-policy": policy,
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    const problem = findForeign(request, port);
    if (problem !== undefined) return refuse(reply, 403, "FORBIDDEN", problem);
    const url = new URL(request.url, "http://127.0.0.1");
    // Cookies do not know ports: each console has a name of its own.
    const cookie = `halfprice-console-${port}`;
    if (url.pathname === "/" && isToken(url.searchParams.get("token") ?? undefined)) {
      return reply.header("set-cookie", `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`).redirect("/", 303);
    }
    if (!isToken(readCookie(request, cookie)))
      return refuse(
        reply,
        401,
        "UNAUTHORIZED",
        "Open the address that halfprice console has printed: it has the token.",
      );
    return undefined;
  });
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const fix = "open the address that halfprice console has printed, in a browser on this machine";
  return reply.code(status).send({ error: { code, message, fix } });
}

function findForeign({ headers }: FastifyRequest, port: number): string | undefined {
  const { host = "", origin } = headers;
  const site = headers["sec-fetch-site"];
  if (![`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host))
    return `The console is at 127.0.0.1:${port} and is not ${host === "" ? "a host without a name" : host}.`;
  if (origin !== undefined && origin !== `http://${host}`) return `A page of ${origin} may not use the console.`;
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return `A page of another site may not use the console (Sec-Fetch-Site: ${String(site)}).`;
  return undefined;
}

function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1];
}
