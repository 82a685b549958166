/** A service of awsJson: `X-Amz-Target` names the operation, its table is checked, then its rights; errors go back by their type. */
import { findDenial, type Operation, type OperationKind, type OperationList } from "../operation.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import type { World } from "../world.ts";
import { answerAwsJson, checkInput, readJsonRequest, targetOf } from "./aws-json.ts";
import { Refusal } from "./refusal.ts";
import type { StructureShape } from "./shape.ts";

/** Operations that take JSON and answer with the members of their output; a `Date` is a timestamp. */
export interface JsonKind<Context, W extends "target" | "action or target" = "target"> extends OperationKind {
  readonly context: Context;
  readonly wire: W;
  readonly schema: StructureShape;
  readonly request: WireRequest;
  readonly answer: object | Promise<object>;
}

/** @throws Refusal `AccessDeniedException` where IAM is enforced and does not allow it */
export function checkRights<K extends OperationKind & { readonly context: { readonly world: World } }>(
  operation: Operation<K>,
  input: unknown,
  context: K["context"],
  request: K["request"],
): void {
  const denial = findDenial(operation, input, context, request, context.world.authority);
  if (denial !== undefined) throw new Refusal("AccessDeniedException", denial);
}

/** @param opening what the operations work on, once it is there */
export function makeJsonService<Context extends { readonly world: World }>(
  list: OperationList<JsonKind<Context>>,
  opening: Context | Promise<Context>,
): LocalService {
  return {
    signingName: list.signingName,
    async handle(request) {
      const response = await answer(list, await opening, request);
      return { ...response, headers: { "x-amzn-requestid": request.requestId, ...response.headers } };
    },
  };
}

const version = "1.1";

async function answer<Context extends { readonly world: World }>(
  { operations, notBuilt }: OperationList<JsonKind<Context>>,
  context: Context,
  request: WireRequest,
): Promise<WireResponse> {
  const name = targetOf(request);
  const operation = operations.find((each) => each.name === name);
  try {
    if (operation === undefined) {
      const isKnown = notBuilt.some((each) => each.name === name);
      return isKnown ? answerNotBuilt(name) : answerAwsJson(version, 400, { __type: "UnknownOperationException" });
    }
    const input = checkInput(operation.input, await readJsonRequest(request), "ValidationException");
    checkRights(operation, input, context, request);
    return answerAwsJson(version, 200, await operation.act(input, context, request));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Every error of these services is a 400 (sources#wire-protocols).
    return answerAwsJson(version, 400, { __type: error.type, message: error.message });
  }
}

const answerNotBuilt = (name: string | undefined): WireResponse =>
  answerAwsJson(version, 501, {
    __type: "NotImplementedException",
    message: `${name} is not built in the local service.`,
  });
