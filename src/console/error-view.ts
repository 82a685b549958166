import { isError } from "../index.ts";
import type { ErrorView } from "./views.ts";

/** A request that makes no sense: of a page of another version, or of no page. */
export class BadRequest extends Error {}

/** An error as the pages show it. */
export function toErrorView(error: unknown): ErrorView["error"] {
  if (isError(error)) return { code: error.code, message: error.message, fix: error.fix };
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof BadRequest ? "BAD_REQUEST" : "BUG", message, fix: "load the page again" };
}
