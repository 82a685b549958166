import { showJson } from "../show-text.ts";

/** What a command has said so far, where `--json` wants one document of it. */
let said: { readonly value: unknown } | undefined;
let isWanted = false;

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
  return write(isObject(value) ? { ...value, ...error } : value === undefined ? error : { result: value, ...error });
}

const write = (value: unknown): string => showJson(JSON.stringify(value, null, 2));

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
