/**
 * CloudWatch over rpc-v2-cbor, the first protocol of its model, which newer SDKs choose: not built, and refused in that protocol's own form,
 * so that the client says which operation it is and why.
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html, known, not read again
 */
import type { WireRequest, WireResponse } from "../service.ts";

const protocol = "rpc-v2-cbor";

/** The refusal, or undefined for a request of another protocol. */
export function refuseCbor({ headers, path }: WireRequest): WireResponse | undefined {
  if (headers["smithy-protocol"] !== protocol) return undefined;
  const operation = /\/operation\/([A-Za-z]+)$/.exec(path)?.[1] ?? "The operation";
  const message = `${operation} over ${protocol} is not built in the local service; awsJson 1.0 and the query protocol are.`;
  return {
    status: 501,
    headers: { "smithy-protocol": protocol, "content-type": "application/cbor" },
    body: Buffer.concat([
      Buffer.from([0xa2]),
      ...["__type", "NotImplementedException", "message", message].map(writeText),
    ]),
  };
}

/** A text of CBOR (RFC 8949): its kind and length, then its bytes. */
function writeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head =
    bytes.length < 24
      ? [0x60 + bytes.length]
      : bytes.length < 256
        ? [0x78, bytes.length]
        : [0x79, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
