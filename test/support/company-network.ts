import { once } from "node:events";
import { type ClientRequest, createServer, request as forward, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { generate } from "selfsigned";
import { onTestFinished } from "vitest";
import { writeFile } from "./folder.ts";

/** A network in which AWS is reached through a proxy only, and with certificates of the company's own. */
export interface CompanyNetwork {
  /** The proxy's address, name and password in it where it wants them. */
  readonly proxyUrl: string;
  /** The certificate that whoever goes through the proxy has to trust. */
  readonly certificateFile: string;
  /** `host:port` of every CONNECT that was let through. */
  readonly tunnels: readonly string[];
  /** How many were turned away, with 407. */
  refusedCount(): number;
}

/** Answers instead of the local service, where it gives one: by host and by path with query. */
export type OtherService = (host: string, path: string, body: string) => { type: string; body: string } | undefined;

/**
 * A CONNECT proxy on loopback. Behind it every `*.amazonaws.com` is the local service, over TLS with a certificate that no
 * machine trusts by itself: as with a proxy that opens its users' connections.
 */
export async function openCompanyNetwork(
  localUrl: string,
  folder: string,
  password?: { readonly user: string; readonly secret: string },
  other: OtherService = () => undefined,
): Promise<CompanyNetwork> {
  const regional = ["*.us-east-1.amazonaws.com", "*.sso.us-east-1.amazonaws.com"];
  const names = [...regional, "*.s3.us-east-1.amazonaws.com", "*.amazonaws.com", "amazonaws.com"];
  const certificate = await generate([{ name: "commonName", value: "amazonaws.com" }], {
    keySize: 2048,
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  const target = new URL(localUrl);
  const aws = createTlsServer({ key: certificate.private, cert: certificate.cert }, (incoming, answer) => {
    const { method = "GET", url = "/", headers } = incoming;
    if (/^(?:sts|sns|portal\.sso)\./.test(headers.host ?? "")) {
      void text(incoming).then((body) => {
        const given = other(headers.host ?? "", url, body);
        if (given !== undefined) return answer.writeHead(200, { "content-type": given.type }).end(given.body);
        const length = Buffer.byteLength(body);
        passOn({ ...headers, "content-length": String(length) }, (outgoing) => outgoing.end(body));
      });
      return;
    }
    passOn(headers, (outgoing) => incoming.pipe(outgoing));

    function passOn(given: IncomingHttpHeaders, send: (outgoing: ClientRequest) => void): void {
      const outgoing = forward(
        { host: target.hostname, port: target.port, method, path: url, headers: given },
        (back) => {
          answer.writeHead(back.statusCode ?? 500, back.headers);
          back.pipe(answer);
        },
      );
      outgoing.on("error", () => answer.destroy());
      send(outgoing);
    }
  });
  const tunnels: string[] = [];
  let refused = 0;
  const wanted =
    password === undefined
      ? undefined
      : `Basic ${Buffer.from(`${password.user}:${password.secret}`).toString("base64")}`;
  const proxy = createServer((_, answer) => answer.writeHead(405).end());
  proxy.on("connect", (incoming, socket, head) => {
    if (wanted !== undefined && incoming.headers["proxy-authorization"] !== wanted) {
      refused += 1;
      socket.end(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
      );
      return;
    }
    tunnels.push(incoming.url ?? "");
    const upstream = connect((aws.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  for (const server of [aws, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
  }
  const login = password === undefined ? "" : `${password.user}:${encodeURIComponent(password.secret)}@`;
  return {
    proxyUrl: `http://${login}127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    certificateFile: writeFile(folder, "company.pem", certificate.cert),
    tunnels,
    refusedCount: () => refused,
  };
}
