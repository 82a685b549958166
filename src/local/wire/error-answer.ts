/** An error before any operation is known: each service's protocol has its own form for it. */
import type { SigningName, WireResponse } from "../service.ts";
import { document, element, leaf } from "./xml.ts";

export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Further elements of an S3 error, by name. */
  readonly details?: Readonly<Record<string, string>>;
}

export interface ErrorContext {
  readonly signingName: SigningName;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const namespaces: Partial<Record<SigningName, string>> = {
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  monitoring: "http://monitoring.amazonaws.com/doc/2010-08-01/",
};

export function answerError(error: WireError, { signingName, requestId, headers }: ErrorContext): WireResponse {
  if (signingName === "s3") return answerRestXml(error, requestId);
  if (signingName === "bedrock") return answerRestJson(error, requestId);
  const target = headers["x-amz-target"];
  if (signingName === "servicequotas" || target !== undefined) return answerAwsJson(error, requestId);
  return answerQuery(error, requestId, namespaces[signingName]);
}

function answerRestXml({ status, code, message, details }: WireError, requestId: string): WireResponse {
  const rest = Object.entries({ ...details, RequestId: requestId, HostId: hostId(requestId) });
  const body = document(
    ...(["Error", undefined, leaf("Code", code), leaf("Message", message)] as const),
    ...rest.map(([name, value]) => leaf(name, value)),
  );
  const headers = { "content-type": "application/xml", "x-amz-request-id": requestId, "x-amz-id-2": hostId(requestId) };
  return { status, headers: { ...headers, server: "AmazonS3" }, body };
}

/** The second id of an S3 answer: opaque, here the first one again in base64. */
export const hostId = (requestId: string): string => Buffer.from(`halfprice-local/${requestId}`).toString("base64");

function answerRestJson({ status, code, message }: WireError, requestId: string): WireResponse {
  // The header's URL as recorded from bedrock-runtime (sources#error-answers, "bedrock-runtime").
  const type = `${code}:http://internal.amazon.com/coral/com.amazon.coral.service/`;
  const headers = { "content-type": "application/json", "x-amzn-requestid": requestId, "x-amzn-errortype": type };
  return { status, headers, body: JSON.stringify({ message }) };
}

function answerAwsJson({ status, code, message }: WireError, requestId: string): WireResponse {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
  return { status, headers, body: JSON.stringify({ __type: code, message }) };
}

/** An error of the query protocol: `Sender` is the caller's fault, `Receiver` the service's. */
export function answerQuery(
  { status, code, message }: WireError,
  requestId: string,
  namespace: string | undefined,
): WireResponse {
  const type = leaf("Type", status < 500 ? "Sender" : "Receiver");
  const error = element("Error", type, leaf("Code", code), leaf("Message", message));
  const body = document("ErrorResponse", namespace, error, leaf("RequestId", requestId));
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}
