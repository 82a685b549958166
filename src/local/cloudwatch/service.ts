/** CloudWatch on the wire: awsJson 1.0 (the JavaScript SDK, newer boto3) and the query protocol (older CLIs). */

import type { Operation } from "../operation.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import { answerAwsJson, checkInput, readJsonRequest, targetOf } from "../wire/aws-json.ts";
import { readBody } from "../wire/body.ts";
import { answerQuery } from "../wire/error-answer.ts";
import { checkRights } from "../wire/json-service.ts";
import { parseQuery } from "../wire/query-string.ts";
import { Refusal } from "../wire/refusal.ts";
import { document, element, leaf } from "../wire/xml.ts";
import type { World } from "../world.ts";
import type { MetricStore } from "./metric-store.ts";
import type { CloudWatchContext, CloudWatchKind } from "./operation.ts";
import { cloudWatchOperations } from "./operations.ts";
import { readForm, writeXml } from "./query-form.ts";
import { refuseCbor } from "./refuse-cbor.ts";

const namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";
const version = "1.0";
const maxFormBytes = 4 * 1024 * 1024;

/** The codes that the query protocol has for an error type; other types are their own. */
const queryCodes: Readonly<Record<string, string>> = {
  AccessDeniedException: "AccessDenied",
  InvalidParameterCombinationException: "InvalidParameterCombination",
  InvalidParameterValueException: "InvalidParameterValue",
  MissingRequiredParameterException: "MissingParameter",
  ValidationException: "ValidationError",
};

const statuses: Readonly<Record<string, number>> = { NotImplementedException: 501, AccessDeniedException: 403 };
const statusOf = ({ type }: Refusal): number => statuses[type] ?? 400;

export function makeCloudWatchService(world: World, metrics: MetricStore): LocalService {
  const context = { world, metrics };
  return {
    signingName: "monitoring",
    async handle(request) {
      const response =
        refuseCbor(request) ??
        (targetOf(request) === undefined ? await answerForm(context, request) : await answerTarget(context, request));
      return { ...response, headers: { "x-amzn-requestid": request.requestId, ...response.headers } };
    },
  };
}

/** @throws Refusal `NotImplementedException`; an unknown name cannot be told from one that is not built */
function getOperation(name: string | undefined): Operation<CloudWatchKind> {
  const operation = cloudWatchOperations.operations.find((each) => each.name === name);
  if (operation === undefined) {
    throw new Refusal("NotImplementedException", `${name ?? "The operation"} is not built in the local service.`);
  }
  return operation;
}

async function answerTarget(context: CloudWatchContext, request: WireRequest): Promise<WireResponse> {
  try {
    const operation = getOperation(targetOf(request));
    const input = checkInput(operation.input, await readJsonRequest(request), "ValidationException");
    checkRights(operation, input, context, request);
    return answerAwsJson(version, 200, await operation.act(input, context, request));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Clients of the query protocol's days know the error by its older code (sources#wire-protocols).
    const headers = { "x-amzn-query-error": `${queryCodes[error.type] ?? error.type};Sender` };
    return answerAwsJson(version, statusOf(error), { __type: error.type, message: error.message }, headers);
  }
}

async function answerForm(context: CloudWatchContext, request: WireRequest): Promise<WireResponse> {
  try {
    const form = (await readBody(request.body, maxFormBytes)).toString("utf8");
    const params = new Map([...parseQuery(request.query), ...parseQuery(form.trim())]);
    const operation = getOperation(params.get("Action"));
    const input = checkInput(operation.input, readForm(operation.input, params, ""), "ValidationException");
    checkRights(operation, input, context, request);
    const output = await operation.act(input, context, request);
    const body = document(
      `${operation.name}Response`,
      namespace,
      Object.keys(output).length === 0 ? undefined : writeXml(`${operation.name}Result`, output),
      element("ResponseMetadata", leaf("RequestId", request.requestId)),
    );
    return { status: 200, headers: { "content-type": "text/xml" }, body };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const code = queryCodes[error.type] ?? error.type;
    return answerQuery({ status: statusOf(error), code, message: error.message }, request.requestId, namespace);
  }
}
