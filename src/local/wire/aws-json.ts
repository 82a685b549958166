/**
 * awsJson 1.0 and 1.1: every request is a POST to `/`, `X-Amz-Target` names the operation, an error says its type in
 * `__type`. @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
import type { WireRequest, WireResponse } from "../service.ts";
import { BodyTooLarge, readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";
import { parseJsonBody } from "./rest-json.ts";
import { readStructure, SerializationFault, type StructureShape, sayViolations } from "./shape.ts";

/** The part of `X-Amz-Target` behind the dot, or undefined. */
export const targetOf = (request: WireRequest): string | undefined => request.headers["x-amz-target"]?.split(".")[1];

const maxBodyBytes = 4 * 1024 * 1024;

/** The request's JSON. @throws Refusal `SerializationException` */
export async function readJsonRequest(request: WireRequest): Promise<unknown> {
  try {
    return parseJsonBody(await readBody(request.body, maxBodyBytes));
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal("SerializationException", error.message);
    if (error instanceof BodyTooLarge) throw new Refusal("SerializationException", error.message);
    throw error;
  }
}

/**
 * Checks an input against its table.
 * @param violation the error type of a broken constraint
 * @throws Refusal of that type with every violation; `SerializationException` where a type is wrong
 */
export function checkInput(shape: StructureShape, body: unknown, violation: string): Record<string, unknown> {
  const problems: string[] = [];
  try {
    const input = readStructure(shape, body, "", problems, lowerFirst);
    if (problems.length > 0) throw new Refusal(violation, sayViolations(problems));
    return input;
  } catch (error) {
    if (error instanceof SerializationFault) throw new Refusal("SerializationException", error.message);
    throw error;
  }
}

/** Violations name members as the service's own code does: `quotaCode` for `QuotaCode`. */
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** JSON in which dates are seconds since 1970. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, plain: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : plain;
  });

/** An answer. @param version of the protocol, `1.0` or `1.1` */
export const answerAwsJson = (
  version: string,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse => ({
  status,
  headers: { "content-type": `application/x-amz-json-${version}`, ...headers },
  body: writeJson(body),
});
