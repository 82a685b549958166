import type { BatchWorker } from "../client-batches/batch-worker.ts";
import type { ClientModels } from "../client-batches/client-models.ts";
import type { Translators } from "./translators.ts";

/** What the endpoints of both clients work with. */
export interface ServeContext {
  readonly workspace: string;
  readonly models: ClientModels;
  readonly worker: BatchWorker;
  readonly translators: Translators;
  readonly nowMs: () => number;
  /** Says that there is something to do: a batch was accepted or is to end. */
  readonly wake: () => void;
}

/** An error in words for a client; each endpoint gives it the client's own shape. */
export class ClientError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly param: string | undefined;

  constructor(status: number, message: string, more: { readonly code?: string; readonly param?: string } = {}) {
    super(message);
    this.name = "ClientError";
    this.status = status;
    this.code = more.code;
    this.param = more.param;
  }
}
