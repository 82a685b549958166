import type { Origin } from "../../foundation/types/index.ts";
import { showJson } from "../show-text.ts";

/** What a command has said so far, where `--json` wants one document of it. */
let said: { readonly value: unknown } | undefined;
let isWanted = false;

/** Where answers would come from, as far as the options say; the account is known only when the service was asked. */
let expected: { readonly kind: Origin["kind"]; readonly accountId: null; readonly region: string | null } | undefined;

/** Remembers at which service the command works: an error before the account is known says at least that. */
export function rememberOrigin(kind: Origin["kind"], region: string | undefined): void {
  expected = { kind, accountId: null, region: region ?? null };
}

/** From here on what commands say in JSON is kept until the end: `--json`. */
export function wantJson(): void {
  isWanted = true;
}

/**
 * Says something in JSON. With `--json` it is kept: what is said later adds members to it, and an error is one of them, so that
 * there is one document whatever the end.
 * @returns the text to print at once, without `--json`
 */
export function sayJson(value: unknown): string | undefined {
  if (!isWanted) return write(value);
  said = { value: isObject(said?.value) && isObject(value) ? { ...said.value, ...value } : value };
  return undefined;
}

/** The one document; undefined where nothing is to be said in JSON. */
export function endJson(error?: object): string | undefined {
  if (!isWanted || (said === undefined && error === undefined)) return undefined;
  const value = said?.value;
  said = undefined;
  if (error === undefined) return write(value);
  const origin = expected === undefined ? {} : { origin: expected };
  if (isObject(value)) return write({ ...origin, ...value, ...error });
  return write(value === undefined ? { ...origin, ...error } : { result: value, ...error });
}

const write = (value: unknown): string => showJson(JSON.stringify(value, null, 2));

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
