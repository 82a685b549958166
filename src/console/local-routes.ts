import type { FastifyInstance } from "fastify";
import { changeLocal, listObjects, readLocalState } from "../admin.ts";
import { type ConsoleContext, needCount, needText, readBody } from "./console-context.ts";
import { BadRequest } from "./error-view.ts";

/** The local service: its requests, buckets and objects, the faults that hold, the clock. */
export function addLocalRoutes(app: FastifyInstance, { session }: ConsoleContext): void {
  app.get("/api/local", () => readLocalState(session));

  app.post("/api/local/objects", (request) => {
    const { bucket, prefix = "" } = readBody<{ bucket: string; prefix: string }>(request);
    return listObjects(needText(bucket, "bucket"), prefix, session);
  });

  app.post("/api/local/clock", (request) =>
    changeLocal({ skipMs: needCount(readBody<{ skipMs: number }>(request).skipMs, "skipMs") }, session),
  );

  app.post("/api/local/faults", (request) => {
    const { plan } = readBody<{ plan: string }>(request);
    if (plan === undefined || plan.trim() === "") return changeLocal({ faults: null }, session);
    let faults: object;
    try {
      faults = JSON.parse(plan) as object;
    } catch (error) {
      throw new BadRequest(`the fault plan is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    return changeLocal({ faults }, session);
  });
}
