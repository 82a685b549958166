import type { BodiesSummary } from "../foundation/types/index.ts";

/** A JSON object as it comes from a client or a model. */
export type JsonObject = { readonly [name: string]: unknown };

/** Why a request has no answer. */
export interface RequestError {
  readonly message: string;
  /** A code of ours, or the service's. */
  readonly code?: string;
  /** As HTTP has it. */
  readonly status?: number;
}

/** Requests that become one run: of one model, written in one way, answered in one way. */
export interface BatchGroup {
  /** From 0. */
  readonly index: number;
  /** As the client named it. */
  readonly clientModel: string;
  /** As it is asked for. */
  readonly model: string;
  readonly invocation: "model" | "converse";
  /** Batch does not take these requests: they go on demand, at the full price. */
  readonly isOnDemand: boolean;
  readonly rowCount: number;
  /** What the bodies say together, which were all checked. */
  readonly checked: BodiesSummary;
  /** Absent until the run has begun. */
  readonly runId?: string;
  /** The run's table is written. */
  readonly hasEnded?: true;
  /** Why no run could begin: every request of the group fails with it. */
  readonly error?: RequestError;
}

/** Requests by how they ended. */
export interface EndCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
}

/** A batch as a client knows it: `batch.json`. */
export interface ClientBatch {
  readonly version: 1;
  readonly id: string;
  readonly client: "ai-sdk" | "openai" | "anthropic";
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly groups: readonly BatchGroup[];
  readonly requestCount: number;
  /** Requests that cannot be sent. */
  readonly refusedCount: number;
  /** Lines of all groups, with those of requests that became several. */
  readonly rowCount: number;
  /** What the client said besides: metadata, endpoint, names of files. */
  readonly details: JsonObject;
  readonly cancelledAt?: number;
  readonly endedAt?: number;
  /** Set with `endedAt`. */
  readonly counts?: EndCounts;
  /** The reports of its runs are still to be written. */
  readonly awaitsReports?: true;
  /** Something that passes by itself kept the batch from going on, when it was last looked at. */
  readonly trouble?: string;
}

/** What became of one line of a batch. */
export interface LineAnswer {
  /** Which request it is, from 0. */
  readonly n: number;
  readonly id: string;
  /** Of what a run was asked: the row of its table, from 1. */
  readonly row?: number;
  readonly status: "succeeded" | "failed" | "cancelled" | "expired";
  /** Of a request that became several: which part, of how many. */
  readonly part: number;
  readonly parts: number;
  readonly note?: string;
  /** The answer's body; only of what succeeded. */
  readonly body?: JsonObject;
  /** Absent of what succeeded. */
  readonly error?: RequestError;
  /** Absent where the request could not be sent. */
  readonly group?: BatchGroup;
  readonly recordId?: string;
}

/** A request that cannot be sent, in words for its client. */
export class RefusedRequest extends Error {
  readonly reason: RequestError;

  constructor(reason: RequestError) {
    super(reason.message);
    this.name = "RefusedRequest";
    this.reason = reason;
  }
}
