/** What the operations of Service Quotas work on, and shapes that they share. */
import type { Quotas } from "../models/quotas.ts";
import { makeDefiner } from "../operation.ts";
import type { JsonKind } from "../wire/json-service.ts";
import { Refusal } from "../wire/refusal.ts";
import type { World } from "../world.ts";
import type { IncreaseRequests } from "./increase-requests.ts";
import { findRow, type QuotaRow } from "./quota-rows.ts";

export interface QuotasContext {
  readonly world: World;
  readonly quotas: Quotas;
  readonly requests: IncreaseRequests;
}

export type QuotasKind = JsonKind<QuotasContext>;

export const defineOperation = makeDefiner<QuotasKind>();

export const serviceCode = { type: "string", min: 1, max: 63, pattern: "[a-zA-Z][a-zA-Z0-9-]{1,63}" } as const;
export const quotaCode = { type: "string", min: 1, max: 128, pattern: "[a-zA-Z][a-zA-Z0-9-]{1,128}" } as const;
export const nextToken = { type: "string", max: 2048, pattern: "^[a-zA-Z0-9/+]*={0,2}$" } as const;
export const maxResults = { type: "integer", min: 1, max: 100 } as const;
export const appliedAtLevel = { type: "string", enum: ["ACCOUNT", "RESOURCE", "ALL"] } as const;
export const requestStatus = {
  type: "string",
  enum: ["PENDING", "CASE_OPENED", "APPROVED", "DENIED", "CASE_CLOSED", "NOT_APPROVED", "INVALID_REQUEST"],
} as const;

/** @throws Refusal `NoSuchResourceException` for any service but Bedrock: others have no quotas here. Words unconfirmed */
export function checkService(code: string): void {
  if (code !== "bedrock")
    throw new Refusal("NoSuchResourceException", "The request failed because the specified service does not exist.");
}

/** @throws Refusal `NoSuchResourceException`; words unconfirmed */
export function getRow(service: string, code: string): QuotaRow {
  checkService(service);
  const row = findRow(code);
  if (row === undefined)
    throw new Refusal("NoSuchResourceException", "The request failed because the specified quota does not exist.");
  return row;
}

/** @throws Refusal `InvalidPaginationTokenException`; words unconfirmed */
export function cutRows<T>(
  rows: readonly T[],
  token: string | undefined,
  most: number,
): { rows: readonly T[]; token: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString("utf8"));
  if (!Number.isInteger(start) || start < 0 || start > rows.length) {
    throw new Refusal("InvalidPaginationTokenException", "Invalid NextToken token provided.");
  }
  const end = start + most;
  return {
    rows: rows.slice(start, end),
    token: end < rows.length ? Buffer.from(`${end}`).toString("base64") : undefined,
  };
}
