/** What one operation of Bedrock is: where it lies, what it accepts, what it does. One file each, named as AWS names it. */

import type { Throttle } from "../bedrock-runtime/throttle.ts";
import type { MetricStore } from "../cloudwatch/metric-store.ts";
import type { Faults } from "../faults/faults.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { JobLife } from "../jobs/life.ts";
import type { Answers } from "../models/answers.ts";
import type { ModelAccess } from "../models/model-access.ts";
import type { Quotas } from "../models/quotas.ts";
import type { WireRequest, WireResponse } from "../service.ts";
import type { Route } from "../wire/rest-json.ts";
import type { Static, StructureShape } from "../wire/shape.ts";
import type { World } from "../world.ts";

export interface BedrockContext {
  readonly world: World;
  readonly store: JobStore;
  readonly life: JobLife;
  readonly quotas: Quotas;
  readonly access: ModelAccess;
  readonly answers: Answers;
  readonly throttle: Throttle;
  readonly metrics: MetricStore;
  readonly faults: Faults;
}

/** How far an operation is built; the tables of docs/local-service.md are made from this. */
export interface OperationNotes {
  /** What it does. */
  readonly served: string;
  /** What is checked beyond its table of constraints. */
  readonly checked?: string;
  readonly notBuilt?: string;
  /** How it differs from AWS, or may. */
  readonly differs?: string;
}

export interface BedrockOperation extends Route, OperationNotes {
  /** As AWS names it. */
  readonly name: string;
  readonly input: StructureShape;
  /** The body is not JSON that the table describes, but the model's own. */
  readonly rawBody?: true;
  /** The body's JSON, or undefined for `{}`; a whole answer where the operation writes more than JSON. */
  act(input: unknown, context: BedrockContext, request: WireRequest, body: Buffer): unknown;
}

interface Definition<I extends StructureShape> extends Route, OperationNotes {
  readonly name: string;
  readonly input: I;
  readonly rawBody?: true;
  act(input: Static<I>, context: BedrockContext, request: WireRequest, body: Buffer): unknown;
}

/** Binds an operation's action to the type of its table. */
export const defineOperation = <const I extends StructureShape>(definition: Definition<I>): BedrockOperation => ({
  ...definition,
  act: (input, context, request, body) => definition.act(input as Static<I>, context, request, body),
});

/** Whether an action's result is already an answer on the wire. */
export const isWireResponse = (result: unknown): result is WireResponse =>
  typeof result === "object" && result !== null && "status" in result && "headers" in result && "body" in result;
