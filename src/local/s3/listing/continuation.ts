/** The token of ListObjectsV2: opaque to clients, a position to the service. */
import { S3Error } from "../errors.ts";
import type { Position } from "./listing.ts";

export function writeToken(position: Position): string {
  const text = "after" in position ? `k${position.after}` : `p${position.afterPrefix}`;
  return Buffer.from(`1${text}`).toString("base64url");
}

/** @throws S3Error InvalidArgument */
export function readToken(token: string | undefined): Position | undefined {
  if (token === undefined || token === "") return undefined;
  const match = /^1([kp])([\s\S]*)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match === null) {
    const details = { ArgumentName: "continuation-token", ArgumentValue: token };
    throw new S3Error("InvalidArgument", { message: "The continuation token provided is incorrect", details });
  }
  const [, kind, key = ""] = match;
  return kind === "k" ? { after: key } : { afterPrefix: key };
}
