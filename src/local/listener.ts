/**
 * The one port: HTTP/1.1 and HTTP/2 with prior knowledge side by side, told apart by the first bytes of a connection
 * (the JavaScript SDK's Bedrock Runtime client opens `http://` with `PRI * HTTP/2.0`; sources#wire-protocols).
 */
import { createServer as createHttp1, type IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WireResponse } from "./service.ts";

/** A request as it came off the socket. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

export interface Listener {
  readonly port: number;
  /** Ends every connection and waits for the answers under way. */
  close(): Promise<void>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const preface = "PRI";
/** Longer than SDK connection pools keep an idle connection, so that a pool never writes into one that is being closed. */
const keepAliveTimeoutMs = 75_000;
const maxHeaderBytes = 64 * 1024;

/** @param port 0 for any free one */
export async function listen(
  answer: (request: HttpRequest) => Promise<WireResponse>,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const underWay = new Set<Promise<void>>();
  const serve = (request: Request, response: Response): void => {
    const done = respond(answer, request, response).catch(() => {
      response.destroy();
    });
    underWay.add(done);
    void done.finally(() => underWay.delete(done));
  };
  const http1 = createHttp1({ keepAliveTimeout: keepAliveTimeoutMs, requestTimeout: 0, maxHeaderSize: maxHeaderBytes });
  http1.on("request", serve);
  http1.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    continueWhenRead(request, response);
    serve(request, response);
  });
  const http2 = createHttp2({ settings: { maxConcurrentStreams: 1000 } });
  http2.on("request", serve);
  http2.on("sessionError", () => undefined);

  const server = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sniff(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.allSettled(underWay);
      await closed;
    },
  };
}

function sniff(socket: Socket, found: (isHttp2: boolean) => void): void {
  let head: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    head = head.byteLength === 0 ? chunk : Buffer.concat([head, chunk]);
    const start = head.toString("latin1", 0, preface.length);
    if (start.length < preface.length && preface.startsWith(start)) return;
    socket.off("readable", look);
    socket.unshift(head);
    found(start === preface);
  };
  socket.on("readable", look);
}

/** Says `100 Continue` when the body is first asked for: a request that is refused by its headers never sends it. */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  let isAsked = false;
  request._read = (size) => {
    if (!isAsked && !response.headersSent) response.writeContinue();
    isAsked = true;
    read(size);
  };
  // A client that was not told to go on may send its next request instead of the body: only a new connection is safe.
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    headers: Record<string, string>,
  ) => ServerResponse;
  response.writeHead = ((status: number, headers: Record<string, string>) =>
    writeHead(status, isAsked ? headers : { ...headers, connection: "close" })) as ServerResponse["writeHead"];
}

async function respond(
  answer: (request: HttpRequest) => Promise<WireResponse>,
  request: Request,
  response: Response,
): Promise<void> {
  // The client went away: whoever reads the body gets its error, and an unread one must not end the process.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  // It may go before there is an answer, and then no callback of the response is ever called.
  const gone = new Promise<void>((resolve) => response.once("close", resolve));
  const method = request.method ?? "GET";
  const { status, headers, body } = await answer({
    method,
    target: request.url ?? "/",
    headers: joinHeaders(request),
    body: request,
  });
  if (status === 0) {
    request.destroy();
    response.destroy();
    return;
  }
  const hasNoBody = method === "HEAD" || status === 204 || status === 304;
  if (body instanceof Readable) {
    writeHead(response, status, headers);
    if (hasNoBody) {
      body.destroy();
      response.end();
    } else await pipeline(body, response);
    return;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const length = hasNoBody ? {} : { "content-length": String(bytes.byteLength) };
  writeHead(response, status, { ...length, ...headers });
  const sent = new Promise<void>((resolve) => {
    if (hasNoBody) response.end(resolve);
    else response.end(bytes, resolve);
  });
  await Promise.race([sent, gone]);
}

function writeHead(response: Response, status: number, headers: Readonly<Record<string, string>>): void {
  // HTTP/2 has no word for a connection's end. The two overloads differ only in what they return.
  const { connection: _, ...others } = headers;
  (response as ServerResponse).writeHead(status, response instanceof ServerResponse ? headers : others);
}

/** Names in lower case, repeated ones joined with a comma as a signature sees them. */
function joinHeaders(request: Request): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const raw = request.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = raw[i + 1] ?? "";
    if (name.startsWith(":") && name !== ":authority") continue;
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  // HTTP/2 says the host in its own way, and the JavaScript SDK signs it under that name.
  const authority = headers[":authority"];
  if (authority !== undefined) headers["host"] ??= authority;
  return headers;
}
