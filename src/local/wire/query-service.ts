/**
 * The query protocol of STS and IAM: a form with `Action` and `Version` goes in, XML comes out. An operation is a table of
 * its fields and what it does; what the table can say (required, length, pattern, choice) is checked from it.
 */
import { findDenial, type OperationKind, type OperationList } from "../operation.ts";
import type { LocalService, WireRequest, WireResponse } from "../service.ts";
import type { World } from "../world.ts";
import { BodyTooLarge, readBody } from "./body.ts";
import { answerQuery } from "./error-answer.ts";
import { QueryError } from "./query-error.ts";
import { type FormShape, findFieldProblems, readFields } from "./query-fields.ts";
import { parseQuery } from "./query-string.ts";
import { document, element, leaf, type Markup } from "./xml.ts";

/** Operations that answer with what goes into `<NameResult>`; undefined where the answer has no result. */
export interface QueryKind<Context> extends OperationKind {
  readonly context: Context;
  readonly wire: "action";
  readonly schema: FormShape;
  readonly request: WireRequest;
  readonly answer: Markup | undefined | Promise<Markup | undefined>;
}

export interface QueryServiceOptions<Context> {
  readonly version: string;
  readonly namespace: string;
  readonly context: Context;
}

const maxFormBytes = 1024 * 1024;

export function makeQueryService<Context extends { readonly world: World }>(
  list: OperationList<QueryKind<Context>>,
  options: QueryServiceOptions<Context>,
): LocalService {
  return {
    signingName: list.signingName,
    async handle(request) {
      try {
        return await answer(request, list, options);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        const { code, status, message } = error;
        return answerQuery({ code, status, message }, request.requestId, options.namespace);
      }
    },
  };
}

async function answer<Context extends { readonly world: World }>(
  request: WireRequest,
  { operations, notBuilt }: OperationList<QueryKind<Context>>,
  { version, namespace, context }: QueryServiceOptions<Context>,
): Promise<WireResponse> {
  const params = await readParams(request);
  const name = params.get("Action");
  if (name === undefined) {
    throw new QueryError("MissingAction", 400, "The request must contain the parameter Action or a valid target.");
  }
  const operation = operations.find((each) => each.name === name);
  if (operation === undefined || (params.get("Version") ?? version) !== version) {
    if (notBuilt.some((each) => each.name === name))
      throw new QueryError("NotImplemented", 501, `The local service does not serve ${name}.`);
    const message = `Could not find operation ${name} for version ${params.get("Version") ?? "NO_VERSION_SPECIFIED"}`;
    throw new QueryError("InvalidAction", 400, message);
  }
  const input = readFields(operation.input.fields, params);
  const problems = findFieldProblems(operation.input.fields, input);
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected: `;
    throw new QueryError("ValidationError", 400, `${count}${problems.join("; ")}`);
  }
  const denial = findDenial(operation, input, context, request, context.world.authority);
  if (denial !== undefined) throw new QueryError("AccessDenied", 403, denial);
  const result = await operation.act(input, context, request);
  const body = document(
    ...([`${name}Response`, namespace] as const),
    result === undefined ? undefined : element(`${name}Result`, result),
    element("ResponseMetadata", leaf("RequestId", request.requestId)),
  );
  return { status: 200, headers: { "content-type": "text/xml", "x-amzn-requestid": request.requestId }, body };
}

/** @throws QueryError MalformedQueryString, RequestEntityTooLarge */
async function readParams(request: WireRequest): Promise<Map<string, string>> {
  try {
    const form = await readBody(request.body, maxFormBytes);
    return new Map([...parseQuery(request.query), ...parseQuery(form.toString("utf8").trim())]);
  } catch (error) {
    if (error instanceof URIError)
      throw new QueryError("MalformedQueryString", 400, "Keys may not contain percent signs that are not escapes.");
    if (error instanceof BodyTooLarge) throw new QueryError("RequestEntityTooLarge", 413, "Request Entity Too Large");
    throw error;
  }
}
