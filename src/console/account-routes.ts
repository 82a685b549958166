import type { FastifyInstance } from "fastify";
import { adopt, doctor, listJobs } from "../admin.ts";
import { type ConsoleContext, needText, readBody } from "./console-context.ts";
import { toErrorView } from "./error-view.ts";
import { openStream, sendEvent } from "./event-hub.ts";

/** The account: its jobs, whoever made them, and whether a run would go. */
export function addAccountRoutes(app: FastifyInstance, { session, works }: ConsoleContext): void {
  app.get("/api/jobs", () => listJobs(session));

  app.post("/api/adopt", (request) => {
    const arn = needText(readBody<{ arn: string }>(request).arn, "arn");
    return Promise.resolve(works.start("adopt", undefined, (tools) => adopt(arn, { ...session, ...tools })));
  });

  // Line by line, as the checks come.
  app.get("/api/doctor", async (request, reply) => {
    const { model } = request.query as { model?: string };
    openStream(reply);
    try {
      const { isWell } = await doctor({
        ...session,
        ...(model === undefined || model === "" ? {} : { model }),
        onResult: ({ check, subject, status, finding, fix }) =>
          sendEvent(reply.raw, {
            kind: "check",
            check: { name: check, subject, status, text: finding, ...(fix === undefined ? {} : { fix }) },
          }),
      });
      sendEvent(reply.raw, { kind: "end", isWell });
    } catch (error) {
      sendEvent(reply.raw, { kind: "error", error: toErrorView(error) });
    }
    reply.raw.end();
  });
}
