/** Headers of an answer that its reader may ask for. */
import type { S3Call } from "./call.ts";
import { S3Error } from "./errors.ts";

const overrides = {
  "response-cache-control": "cache-control",
  "response-content-disposition": "content-disposition",
  "response-content-encoding": "content-encoding",
  "response-content-language": "content-language",
  "response-content-type": "content-type",
  "response-expires": "expires",
} as const;

/** Headers that the reader asks for in the query. @throws S3Error InvalidRequest for a reader without a name */
export function readOverrides({ params, request }: S3Call): Record<string, string> {
  const found = Object.entries(overrides).filter(([param]) => params.has(param));
  if (found.length > 0 && request.caller.anonymous === true) {
    throw new S3Error("InvalidRequest", {
      message: "Request specific response headers cannot be used for anonymous GET requests.",
    });
  }
  return Object.fromEntries(found.map(([param, header]) => [header, readHeaderValue(param, params.get(param) ?? "")]));
}

/** What no header can carry must not end the answer in the middle. @throws S3Error InvalidArgument */
function readHeaderValue(param: string, value: string): string {
  if (/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) return value;
  throw new S3Error("InvalidArgument", {
    message: "Header value cannot be represented using ISO-8859-1.",
    details: { ArgumentName: param, ArgumentValue: value },
  });
}
