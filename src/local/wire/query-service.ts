/**
 * The query protocol of STS and IAM: a form with `Action` and `Version` goes in, XML comes out. An operation is a table of
 * its fields and what it does; what the table can say (required, length, pattern, choice) is checked from it.
 */
import type { LocalService, SigningName, WireRequest, WireResponse } from "../service.ts";
import { BodyTooLarge, readBody } from "./body.ts";
import { answerQuery } from "./error-answer.ts";
import { type Fields, findFieldProblems, type Input, readFields } from "./query-fields.ts";
import { parseQuery } from "./query-string.ts";
import { document, element, leaf, type Markup } from "./xml.ts";

/** Thrown by an operation, answered by the service. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface QueryOperation<Context> {
  /** As AWS names it. */
  readonly name: string;
  readonly fields: Fields;
  /** @returns what goes into `<NameResult>`; undefined where the answer has no result. @throws QueryError */
  act(input: Input, context: Context & { request: WireRequest }): Markup | undefined | Promise<Markup | undefined>;
}

export interface QueryServiceOptions<Context> {
  readonly signingName: SigningName;
  readonly version: string;
  readonly namespace: string;
  readonly operations: readonly QueryOperation<Context>[];
  /** Names of the service's other operations: known, and not built. */
  readonly notBuilt: readonly string[];
  readonly context: Context;
  /** Called before an operation acts, its fields checked. @throws QueryError where the caller may not */
  readonly admit?: (operation: string, input: Input, request: WireRequest) => void;
}

const maxFormBytes = 1024 * 1024;

export function makeQueryService<Context>(options: QueryServiceOptions<Context>): LocalService {
  const { signingName, namespace } = options;
  const byName = new Map(options.operations.map((operation) => [operation.name, operation]));
  return {
    signingName,
    async handle(request) {
      try {
        return await answer(request, byName, options);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        const { code, status, message } = error;
        return answerQuery({ code, status, message }, request.requestId, namespace);
      }
    },
  };
}

async function answer<Context>(
  request: WireRequest,
  byName: ReadonlyMap<string, QueryOperation<Context>>,
  { version, namespace, context, notBuilt, admit }: QueryServiceOptions<Context>,
): Promise<WireResponse> {
  const params = await readParams(request);
  const name = params.get("Action");
  if (name === undefined) {
    throw new QueryError("MissingAction", 400, "The request must contain the parameter Action or a valid target.");
  }
  const operation = byName.get(name);
  if (operation === undefined || (params.get("Version") ?? version) !== version) {
    if (notBuilt.includes(name))
      throw new QueryError("NotImplemented", 501, `The local service does not serve ${name}.`);
    const message = `Could not find operation ${name} for version ${params.get("Version") ?? "NO_VERSION_SPECIFIED"}`;
    throw new QueryError("InvalidAction", 400, message);
  }
  const input = readFields(operation.fields, params);
  const problems = findFieldProblems(operation.fields, input);
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"} detected: `;
    throw new QueryError("ValidationError", 400, `${count}${problems.join("; ")}`);
  }
  admit?.(name, input, request);
  const result = await operation.act(input, { ...context, request });
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
