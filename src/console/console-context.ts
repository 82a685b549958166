import type { FastifyRequest } from "fastify";
import type { SessionOptions } from "../index.ts";
import { BadRequest } from "./error-view.ts";
import type { EventHub } from "./event-hub.ts";
import type { OpenTables } from "./open-tables.ts";
import type { Works } from "./works.ts";

/** What every route works with. */
export interface ConsoleContext {
  readonly session: SessionOptions;
  readonly tables: OpenTables;
  readonly works: Works;
  readonly hub: EventHub;
}

/** A part of an address. */
export function readParam({ params }: FastifyRequest, name: string): string {
  return (params as Readonly<Record<string, string>>)[name] ?? "";
}

/** The body of a request, which only the console's own pages send. @throws BadRequest */
export function readBody<Body extends object>({ body }: FastifyRequest): Partial<Body> {
  if (typeof body !== "object" || body === null) throw new BadRequest("the request has no JSON body");
  return body;
}

/** A text that a request has to have. @throws BadRequest */
export function needText(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") throw new BadRequest(`the request has no ${name}`);
  return value;
}

/** A whole number that a request has to have. @throws BadRequest */
export function needCount(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new BadRequest(`${name} has to be a whole number from 0`);
  return value;
}
