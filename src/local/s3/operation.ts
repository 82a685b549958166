/** What S3's operations work on. */
import { type BodyShape, makeDefiner, type OperationKind, type S3Wire } from "../operation.ts";
import type { WireRequest } from "../service.ts";
import type { S3Answer, S3Call } from "./call.ts";

export interface S3Kind extends OperationKind {
  readonly context: S3Call;
  readonly wire: S3Wire;
  readonly schema: BodyShape;
  readonly request: WireRequest;
  readonly answer: S3Answer | Promise<S3Answer>;
}

export const defineOperation = makeDefiner<S3Kind>();
