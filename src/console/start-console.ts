import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { keepLocal, listRecipes, models, readSettings } from "../admin.ts";
import { HalfpriceError, isError, type SessionOptions } from "../index.ts";
import { addAccountRoutes } from "./account-routes.ts";
import type { ConsoleContext } from "./console-context.ts";
import { BadRequest, toErrorView } from "./error-view.ts";
import { EventHub } from "./event-hub.ts";
import { keepOthersOut, makeToken } from "./keep-out.ts";
import { addLocalRoutes } from "./local-routes.ts";
import { addNewRunRoutes } from "./new-run-routes.ts";
import { OpenTables } from "./open-tables.ts";
import { addRowRoutes } from "./row-routes.ts";
import { addRunRoutes } from "./run-routes.ts";
import type { ConsoleView, ModelView } from "./views.ts";
import { lookEveryMs, RunWatch } from "./watch-runs.ts";
import { Works } from "./works.ts";

const require = createRequire(import.meta.url);
/** Loaded with the first console. */
const loadFastify = (): typeof import("fastify").fastify => (require("fastify") as typeof import("fastify")).fastify;

/** How a console is started. */
export interface ConsoleOptions {
  readonly session: SessionOptions;
  /** 0 takes any free one. */
  readonly port: number;
  readonly version: string;
  /** Where the built pages are. @defaultValue beside this file, as the package has them */
  readonly pagesFolder?: string;
}

/** A console that listens. */
export interface Console {
  /** With the token: whoever has it can do what its user can. */
  readonly url: string;
  /** Ends connections; jobs that were made go on. */
  close(): Promise<void>;
}

/** What the browser loads. */
const pages: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/app.js": ["app.js", "text/javascript; charset=utf-8"],
  "/app.css": ["app.css", "text/css; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
};

/** Starts the console on 127.0.0.1. @throws PORT_IN_USE, BAD_OPTIONS, LOCAL_DATA_BUSY */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { session, port } = options;
  const token = makeToken();
  const hub = new EventHub();
  const context: ConsoleContext = {
    ...{ session, hub },
    tables: new OpenTables(session),
    works: new Works((event) => hub.say(event)),
  };
  const { shared, workspaceName } = await readSettings(session);
  const watch = new RunWatch(session, hub, shared === undefined ? lookEveryMs.disk : lookEveryMs.s3);
  const app = makeApp();
  keepOthersOut(app, token, () => (app.server.address() as { port: number } | null)?.port ?? port);
  addPages(app, options.pagesFolder ?? fileURLToPath(new URL("../console/web/", import.meta.url)));
  app.get("/api/console", () => describeConsole(options, workspaceName));
  app.get("/api/events", (_, reply) => hub.add(reply));
  addRunRoutes(app, context);
  addRowRoutes(app, context);
  addNewRunRoutes(app, context);
  addAccountRoutes(app, context);
  addLocalRoutes(app, context);
  const release = await keepLocal(session);
  const close = async (): Promise<void> => {
    watch.stop();
    context.works.close();
    hub.close();
    await app.close();
    context.tables.close();
    await release();
  };
  try {
    const url = await app.listen({ host: "127.0.0.1", port });
    watch.start();
    return { url: `${url}/?token=${token}`, close };
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE")
      throw new HalfpriceError("PORT_IN_USE", { port }, { cause: error });
    throw error;
  }
}

function makeApp(): FastifyInstance {
  const app = loadFastify()({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance;
  app.setErrorHandler<Error & { statusCode?: number }>((error, _, reply) => {
    const isAsked = isError(error) || error instanceof BadRequest || (error.statusCode ?? 500) < 500;
    return reply.code(isAsked ? 400 : 500).send({ error: toErrorView(error) });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: toErrorView(new BadRequest(`there is no ${request.method} ${request.url}`)) }),
  );
  return app;
}

function addPages(app: FastifyInstance, folder: string): void {
  for (const [path, [file, type]] of Object.entries(pages))
    app.get(path, (_, reply) => reply.type(type).send(readFileSync(join(folder, file))));
}

/** Names of files in the working folder that a new run could be about. */
async function describeConsole({ session, version }: ConsoleOptions, workspace: string): Promise<ConsoleView> {
  const files = readdirSync(process.cwd(), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const { region } = session;
  const listed = await models({ ...session, ...(region === undefined ? { region: "us-east-1" } : {}) });
  return {
    version,
    workspace,
    isLocal: session.local === true,
    tables: files.filter((name) => /\.(csv|tsv|jsonl|parquet|xlsx)$/.test(name)),
    prompts: files.filter((name) => name.endsWith(".md") && !/^(README|DATA|CHANGELOG)/.test(name)),
    recipes: listRecipes(),
    models: listed.filter(({ gives, isHere }) => gives === "text" && isHere !== false).map(toModelView),
  };
}

function toModelView({ alias, label, batch, prices }: Awaited<ReturnType<typeof models>>[number]): ModelView {
  const price = prices?.batch;
  return {
    ...{ alias, label },
    hasBatch: batch !== "no",
    ...(price === undefined ? {} : { inputUsd: price.inputUsd, outputUsd: price.outputUsd }),
  };
}
