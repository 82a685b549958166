/** What the operations of Bedrock and of its runtime work on. */
import type { Throttle } from "../bedrock-runtime/throttle.ts";
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Faults } from "../faults/faults.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { JobLife } from "../jobs/life.ts";
import type { Answers } from "../models/answers/answers.ts";
import type { ApplicationProfiles } from "../models/application-profiles.ts";
import type { ModelAccess } from "../models/model-access.ts";
import type { PromptCache } from "../models/prompt-cache.ts";
import type { Quotas } from "../models/quotas.ts";
import { makeDefiner, type OperationKind, type RestWire } from "../operation.ts";
import type { WireRequest, WireResponse } from "../service.ts";
import type { StructureShape } from "../wire/shape.ts";
import type { World } from "../world.ts";

export interface BedrockContext {
  readonly world: World;
  readonly store: JobStore;
  readonly profiles: ApplicationProfiles;
  readonly life: JobLife;
  readonly quotas: Quotas;
  readonly access: ModelAccess;
  readonly answers: Answers;
  readonly prompts: PromptCache;
  readonly throttle: Throttle;
  readonly metrics: MetricStore;
  readonly faults: Faults;
}

export interface BedrockKind extends OperationKind {
  readonly context: BedrockContext;
  readonly wire: RestWire;
  readonly schema: StructureShape;
  readonly request: ReadRequest;
  /** The body's JSON, or undefined for `{}`; a whole answer where the operation writes more than JSON. */
  readonly answer: unknown;
}

/** A request whose body has been read. */
export interface ReadRequest extends WireRequest {
  readonly bytes: Buffer;
}

export const defineOperation = makeDefiner<BedrockKind>();

/** Whether an action's result is already an answer on the wire. */
export const isWireResponse = (result: unknown): result is WireResponse =>
  typeof result === "object" && result !== null && "status" in result && "headers" in result && "body" in result;
