import { createRequire } from "node:module";
import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import { BatchWorker, type ClientRunOptions } from "../client-batches/batch-worker.ts";
import { ClientModels } from "../client-batches/client-models.ts";
import { HalfpriceError } from "../foundation/errors/index.ts";
import { type Hold, holdWorkspace } from "../ledger/hold-workspace.ts";
import type { SessionOptions } from "../library/batch-options.ts";
import { keepLocal, type OwnWorkspace, openOwnWorkspace } from "../library/library-session.ts";
import { fetchFiles } from "../library/workspace-files.ts";
import { findPageProblem } from "../local/web-pages.ts";
import { addAnthropicRoutes } from "./anthropic/routes.ts";
import { typeOfError } from "./anthropic/translate-results.ts";
import { writeResults } from "./anthropic/write-results.ts";
import { addOpenAiRoutes } from "./openai/routes.ts";
import { writeOutput } from "./openai/write-output.ts";
import type { KeyCheck } from "./read-keys.ts";
import { ClientError, type ServeContext } from "./serve-context.ts";
import { Translators } from "./translators.ts";
import { WorkLoop } from "./work-loop.ts";
import { type CallCounts, writeMetrics } from "./write-metrics.ts";

const require = createRequire(import.meta.url);
/** Loaded with the first server. */
const packages = {
  get fastify() {
    return (require("fastify") as typeof import("fastify")).fastify;
  },
  get multipart() {
    return (require("@fastify/multipart") as typeof import("@fastify/multipart")).fastifyMultipart;
  },
};

/** How the server for other people's clients is started. */
export interface ServeOptions {
  readonly session: SessionOptions;
  readonly run: ClientRunOptions;
  /** 0 takes any free one. */
  readonly port: number;
  /** @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Who may call; without it everybody who can reach the port. Needed for any host beyond loopback. */
  readonly mayCall?: KeyCheck;
  /** Names that clients use, and the models that they stand for. */
  readonly mapped?: ReadonlyMap<string, string>;
  /** Writes a line of JSON for each call and each trouble on stderr. @defaultValue false */
  readonly isLogging?: boolean;
  readonly nowMs?: () => number;
}

/** A server that listens. */
export interface ServeServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends connections, and the work after the pass that is under way: another start goes on with it. */
  close(): Promise<void>;
}

/** The largest upload. */
const maxFileBytes = 8 * 1024 ** 3;

/** How often open batches are looked at; on the local service that costs nothing, and its jobs live for seconds. */
const pollMs = { aws: 20_000, local: 200 } as const;

/** The reports of a batch's runs are written so long after its end: its client is reading the results. */
const reportsAfterMs = 5_000;

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

/**
 * Starts the server, and goes on with every batch of the workspace that has not ended.
 * @throws SERVE_NEEDS_KEYS, SERVE_RUNNING, PORT_IN_USE, BAD_OPTIONS, LOCAL_DATA_BUSY
 */
export async function startServe(options: ServeOptions): Promise<ServeServer> {
  const { host = "127.0.0.1", mayCall } = options;
  if (!isLoopback(host) && mayCall === undefined) throw new HalfpriceError("SERVE_NEEDS_KEYS", { host });
  const release = await keepLocal(options.session);
  let hold: Hold | undefined;
  try {
    const place = await openOwnWorkspace(options.session);
    hold = holdServe(place);
    // What another machine has accepted on a workspace on S3.
    for (const path of ["batches", "serve"]) await fetchFiles(place.folder, path);
    return await openServer(options, place, hold, release);
  } catch (error) {
    await release();
    hold?.release();
    throw error;
  }
}

async function openServer(
  options: ServeOptions,
  { folder: workspace, name, region, originKind }: OwnWorkspace,
  hold: Hold,
  release: () => Promise<void>,
): Promise<ServeServer> {
  const { host = "127.0.0.1", port, mayCall, mapped, nowMs = Date.now } = options;
  const session = { ...options.session, workspace: name };
  const translators = new Translators();
  const worker: BatchWorker = new BatchWorker(workspace, {
    ...{ session, run: options.run, reportsAfterMs },
    onEnd: (batch, answers) =>
      batch.client === "openai"
        ? writeOutput({ workspace, nowMs, translators }, batch, answers)
        : writeResults({ workspace, translators }, batch, answers),
  });
  const models = new ClientModels({ region, mapped, isGlobalAllowed: options.run.allowGlobal });
  const context: ServeContext = { workspace, models, worker, translators, nowMs, wake: () => loop.wake() };
  const app = makeApp(options.isLogging === true);
  const loop = new WorkLoop(context, pollMs[originKind], (id, error) =>
    app.log.warn({ batch: id, trouble: error instanceof Error ? error.message : error }, "a batch waits"),
  );
  const calls: CallCounts = new Map();
  countCalls(app, calls);
  if (mayCall === undefined) keepPagesOut(app);
  else askForKeys(app, mayCall);
  await app.register(packages.multipart, { limits: { fileSize: maxFileBytes, files: 1 } });
  addOpenAiRoutes(app, context);
  addAnthropicRoutes(app, context);
  app.get("/healthz", () => ({ status: "ok" }));
  app.get("/metrics", (_, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(writeMetrics(workspace, calls)),
  );
  try {
    const url = await app.listen({ host, port });
    hold.setUrl(url);
    loop.start();
    worker.resumeReports();
    return {
      url,
      async close() {
        await app.close();
        await loop.stop();
        await worker.settle();
        await translators.close();
        await release();
        hold.release();
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
      throw new HalfpriceError("PORT_IN_USE", { port }, { cause: error });
    throw error;
  }
}

/** One server of a machine at a time works on a workspace. @throws SERVE_RUNNING */
function holdServe({ folder, name }: OwnWorkspace): Hold {
  const held = holdWorkspace(folder, "serve");
  if ("holder" in held) throw new HalfpriceError("SERVE_RUNNING", { workspace: name, ...held.holder });
  return held;
}

function makeApp(isLogging: boolean): FastifyInstance {
  const app = packages.fastify({
    logger: isLogging ? { stream: process.stderr } : false,
    bodyLimit: 10 * 1024 * 1024,
    // Uploads of a gigabyte take their time.
    requestTimeout: 0,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance;
  app.setErrorHandler<FastifyError | ClientError>((error, request, reply) => {
    const status = error instanceof ClientError ? error.status : (error.statusCode ?? 500);
    if (status >= 500) request.log.error(error);
    return reply.code(status).send(shapeError(request, status, error));
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(shapeError(request, 404, new ClientError(404, `Unknown request URL: ${request.method} ${request.url}`))),
  );
  return app;
}

/** An error as the client that called has it. */
function shapeError(request: FastifyRequest, status: number, error: Error): object {
  const message = status >= 500 ? `${error.message}; see the server's log` : error.message;
  if (request.url.startsWith("/v1/messages"))
    return { type: "error", error: { type: typeOfError(status), message }, request_id: request.id };
  const { code, param } = error instanceof ClientError ? error : { code: undefined, param: undefined };
  const type = status === 401 ? "authentication_error" : status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}

function countCalls(app: FastifyInstance, calls: CallCounts): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    const labels = `method="${request.method}",route="${route}",status="${reply.statusCode}"`;
    calls.set(labels, (calls.get(labels) ?? 0) + 1);
    done();
  });
}

/** Where no key is asked, a page that the user opens could start batches and read files. */
function keepPagesOut(app: FastifyInstance): void {
  const advise = () =>
    "To use the server by this name or from a page: start it with --keys FILE, and send a key of it.";
  app.addHook("onRequest", ({ headers: { host, origin, "sec-fetch-site": site } }, _, done) => {
    const problem = findPageProblem({ host, origin, "sec-fetch-site": [site].flat()[0] }, new Set(), advise);
    done(problem === undefined ? undefined : new ClientError(403, problem));
  });
}

/** OpenAI's clients send a key as a bearer, Anthropic's as `x-api-key`. */
function askForKeys(app: FastifyInstance, mayCall: KeyCheck): void {
  app.addHook("onRequest", (request, _, done) => {
    const { authorization, "x-api-key": own } = request.headers;
    const key = typeof own === "string" ? own : /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    const isOpen = request.url === "/healthz" || request.url === "/metrics";
    done(
      isOpen || mayCall(key)
        ? undefined
        : new ClientError(401, "The key is missing or not known.", { code: "invalid_api_key" }),
    );
  });
}
