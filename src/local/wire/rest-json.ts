/**
 * restJson1: an operation is a method and a path, its input lies in path, query, headers and a JSON body, an error is a
 * JSON body with its type in `x-amzn-errortype`.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
import type { RestWire } from "../operation.ts";
import type { WireRequest, WireResponse } from "../service.ts";
import { Refusal } from "./refusal.ts";
import {
  type Member,
  readShape,
  readStructure,
  SerializationFault,
  type StructureShape,
  sayViolations,
} from "./shape.ts";

/** Operations of a table with a row each: name, method and path. */
export function readRoutes(table: string): { readonly name: string; readonly wire: RestWire }[] {
  return table
    .trim()
    .split("\n")
    .map((row) => {
      const [name = "", method = "", path = ""] = row.split(" ");
      return { name, wire: { method: method as RestWire["method"], path } };
    });
}

/** The first operation whose method and path are those of the request, with the labels of the path. */
export function findRoute<O extends { readonly wire: RestWire }>(
  operations: readonly O[],
  { method, path }: Pick<WireRequest, "method" | "path">,
): { readonly operation: O; readonly labels: Record<string, string> } | undefined {
  for (const operation of operations) {
    if (operation.wire.method !== method) continue;
    const labels = matchPath(operation.wire.path, path);
    if (labels !== undefined) return { operation, labels };
  }
  return undefined;
}

/** The decoded labels of a path, or undefined where it does not fit the template, segment by segment. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const actual = given[index] ?? "";
    if (!segment.startsWith("{")) {
      if (segment !== actual) return undefined;
    } else {
      if (actual === "") return undefined;
      try {
        // Only after the split, so that an escaped ARN with its slash stays one segment.
        labels[segment.slice(1, -1)] = decodeURIComponent(actual);
      } catch {
        return undefined;
      }
    }
  }
  return labels;
}

/** A JSON object from the bytes of a body; no bytes are an empty object. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new SerializationFault("The request body is not valid JSON.", { cause }); // unconfirmed words
  }
}

function readLoose(member: Member, text: string): unknown {
  const { type } = member.shape;
  if (type === "integer" || type === "number") {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new SerializationFault("STRING_VALUE can not be converted to an Integer");
    return Number(text);
  }
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

/**
 * Reads and checks an input.
 * @param body the parsed JSON body, or undefined where the operation has none
 * @throws Refusal `ValidationException` with every violation; `SerializationException` where a type is wrong
 */
export function readRestInput(
  shape: StructureShape,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  body: unknown,
): Record<string, unknown> {
  const query = new URLSearchParams(request.query);
  const problems: string[] = [];
  try {
    const inBody: Record<string, Member> = {};
    const elsewhere: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(shape.members)) {
      if (member.in === undefined) {
        inBody[name] = member;
        continue;
      }
      const key = member.wireName ?? name;
      const text =
        member.in === "path"
          ? labels[name]
          : member.in === "query"
            ? query.get(key)
            : request.headers[key.toLowerCase()];
      if (text !== undefined && text !== null) {
        elsewhere[name] = readShape(member.shape, readLoose(member, text), name, problems);
      }
    }
    const fromBody = readStructure({ type: "structure", members: inBody }, body ?? {}, "", problems);
    if (problems.length > 0) throw new Refusal("ValidationException", sayViolations(problems));
    return { ...elsewhere, ...fromBody };
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal("SerializationException", error.message);
    throw error;
  }
}

/** A JSON answer; `undefined` members are left out. */
export function answerJson(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** An error as restJson1 carries it. `namespace` stands behind the type, as in the exchanges on record. */
export function answerRefusal(refusal: Refusal, status: number, namespace: string): WireResponse {
  return answerJson(
    status,
    { message: refusal.message, ...refusal.members },
    { "x-amzn-errortype": `${refusal.type}:http://internal.amazon.com/coral/${namespace}/` },
  );
}

/** What AWS says to a method and path that no operation has. Body as published in litellm issue 13618. */
export function answerUnknownOperation(): WireResponse {
  return answerJson(
    404,
    { Output: { __type: "com.amazon.coral.service#UnknownOperationException" }, Version: "1.0" },
    { "x-amzn-errortype": "UnknownOperationException:http://internal.amazon.com/coral/com.amazon.coral.service/" },
  );
}
