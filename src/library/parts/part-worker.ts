/**
 * The program of a process that prepares and joins parts, one after the other, as it is told by the process that drives the run. It holds
 * nothing that is needed once it has answered, so it may be killed at any time.
 */
import type { Connection } from "../../aws/connection.ts";
import type { Config } from "../../config/read-config.ts";
import { type ErrorCode, isError } from "../../foundation/errors/index.ts";
import { doTask, type PartTask } from "../../run/parts/part-tasks.ts";
import { makeSession, type Session } from "../../workspace/session.ts";

/** What a worker is told first. */
export interface WorkerStart {
  readonly config: Config;
  readonly connection: Connection;
  readonly runId: string;
}

/** What a worker says of each task. */
export type WorkerAnswer =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly details: unknown }
  | { readonly kind: "failed"; readonly message: string };

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

let opened: { readonly session: Session; readonly runId: string } | undefined;

const answer = (value: WorkerAnswer): unknown => process.send?.(value);

const toAnswer = (error: unknown): WorkerAnswer =>
  isError(error)
    ? { kind: "refused", code: error.code, details: error.details }
    : { kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };

process.on("message", (message: WorkerStart | PartTask) => {
  if ("config" in message) {
    const { config, connection, runId } = message;
    opened = { session: makeSession(config, { connection }), runId };
    return;
  }
  if (opened === undefined) return;
  doTask(opened.session, opened.runId, message).then(
    () => answer({ kind: "done" }),
    (error: unknown) => answer(toAnswer(error)),
  );
});
// Whoever drives the run is gone: what is half done is done again by whoever resumes it.
process.on("disconnect", () => process.exit(0));
