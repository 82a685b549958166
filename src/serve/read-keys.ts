import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { HalfpriceError } from "../foundation/errors/index.ts";

/** Decides whether a key may call. */
export type KeyCheck = (key: string | undefined) => boolean;

const hash = (key: string): Buffer => createHash("sha256").update(key).digest();

/**
 * Reads a file of keys: one a line; blank lines and lines that begin with `#` are none.
 * @throws NO_SUCH_FILE, BAD_OPTIONS where it has no key
 */
export function readKeys(path: string): KeyCheck {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new HalfpriceError("NO_SUCH_FILE", { path }, { cause });
  }
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(hash);
  if (keys.length === 0)
    throw new HalfpriceError("BAD_OPTIONS", { problems: [`${path} has no key`], command: "halfprice serve" });
  return (key) => key !== undefined && keys.filter((known) => timingSafeEqual(known, hash(key))).length > 0;
}
