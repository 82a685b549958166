/** Data: what AWS answers to a signature that does not hold, by the protocol of the service that was asked. */
import type { SigningName } from "../service.ts";

/** One reason for each way to be refused. */
export type Reason =
  | "anonymous"
  | "malformed"
  | "unknownKey"
  | "wrongToken"
  | "expiredToken"
  | "skewed"
  | "wrongDate"
  | "wrongSignature";

export type Protocol = "restXml" | "query" | "restJson" | "awsJson";

export const protocolOf: Readonly<Record<SigningName, Protocol>> = {
  s3: "restXml",
  sts: "query",
  iam: "query",
  bedrock: "restJson",
  servicequotas: "awsJson",
  kms: "awsJson",
  monitoring: "awsJson",
};

const invalidToken = "The security token included in the request is invalid.";
const expiredToken = "The security token included in the request is expired";
const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

export interface Words {
  readonly status: number;
  readonly code: string;
  /** Empty where the request itself says what is wrong. */
  readonly message: string;
}

const json = (status: number): Readonly<Record<Reason, Words>> => ({
  anonymous: { status, code: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
  malformed: { status, code: "IncompleteSignatureException", message: "" },
  unknownKey: { status, code: "UnrecognizedClientException", message: invalidToken },
  wrongToken: { status, code: "UnrecognizedClientException", message: invalidToken },
  expiredToken: { status, code: "ExpiredTokenException", message: expiredToken },
  skewed: { status, code: "InvalidSignatureException", message: "" },
  wrongDate: { status, code: "InvalidSignatureException", message: "" },
  wrongSignature: { status, code: "InvalidSignatureException", message: mismatch },
});

/** The 403 of UnrecognizedClientException is recorded (sources#error-answers); the other JSON statuses follow it, unconfirmed. */
export const words: Readonly<Record<Protocol, Readonly<Record<Reason, Words>>>> = {
  restXml: {
    anonymous: { status: 403, code: "AccessDenied", message: "Access Denied" },
    malformed: { status: 400, code: "AuthorizationHeaderMalformed", message: "" },
    unknownKey: {
      status: 403,
      code: "InvalidAccessKeyId",
      message: "The AWS Access Key Id you provided does not exist in our records.",
    },
    wrongToken: {
      status: 400,
      code: "InvalidToken",
      message: "The provided token is malformed or otherwise invalid.",
    },
    expiredToken: { status: 400, code: "ExpiredToken", message: "The provided token has expired." },
    skewed: {
      status: 403,
      code: "RequestTimeTooSkewed",
      message: "The difference between the request time and the current time is too large.",
    },
    wrongDate: { status: 400, code: "AuthorizationHeaderMalformed", message: "" },
    wrongSignature: {
      status: 403,
      code: "SignatureDoesNotMatch",
      message:
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    },
  },
  query: {
    anonymous: { status: 403, code: "MissingAuthenticationToken", message: "Request is missing Authentication Token" },
    malformed: { status: 400, code: "IncompleteSignature", message: "" },
    unknownKey: { status: 403, code: "InvalidClientTokenId", message: invalidToken },
    wrongToken: { status: 403, code: "InvalidClientTokenId", message: invalidToken },
    expiredToken: { status: 403, code: "ExpiredToken", message: expiredToken },
    skewed: { status: 403, code: "SignatureDoesNotMatch", message: "" },
    wrongDate: { status: 403, code: "SignatureDoesNotMatch", message: "" },
    wrongSignature: { status: 403, code: "SignatureDoesNotMatch", message: mismatch },
  },
  restJson: json(403),
  awsJson: json(400),
};
