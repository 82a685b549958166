import { explainMessage } from "../explanations/explain.ts";
import { crashPoint } from "../foundation/crash-point.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";
import { explainUnknownProfile } from "./environment/profiles.ts";
import { bedrockKey } from "./environment/variables.ts";

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: string;
  readonly code?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

const refusedCredentials =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|InvalidSignatureException|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed|TokenRefreshRequired|InvalidToken)$/;
const missingCredentials = /^(CredentialsProviderError|TokenProviderError)$/;
const noConnection =
  /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ECONNRESET|ETIMEDOUT|EPIPE|CERT_|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED|ERR_HTTP2|ERR_TLS)/;

/** Wraps what the SDK threw, once: every call to AWS goes through here. What is ours already goes on as it is. */
export function wrapError(error: unknown, service: string, operation: string): Error {
  if (isError(error)) return error;
  if (!(error instanceof Error)) return new Error(String(error), { cause: error });
  const sdk = forgetRequest(error);
  const reason = sdk.message.replace(/\.\s*$/, "");
  if (missingCredentials.test(sdk.name)) {
    const expired = /expired|refresh/i.test(reason);
    if (!expired) return new HalfpriceError("NO_CREDENTIALS", explainMissing(reason), { cause: error });
    return new HalfpriceError("CREDENTIALS_REFUSED", { reason, explanation: explainMessage(reason) }, { cause: error });
  }
  if (/region is missing/i.test(reason)) return new HalfpriceError("NO_REGION", {}, { cause: error });
  if (refusedCredentials.test(sdk.name)) {
    const details = { reason: `${sdk.name}: ${reason}`, explanation: explainMessage(`${sdk.name}: ${reason}`) };
    return new HalfpriceError("CREDENTIALS_REFUSED", details, { cause: error });
  }
  const code = sdk.code ?? "";
  if (noConnection.test(code) || /^(TimeoutError|RequestTimeout)$/.test(sdk.name)) {
    const host = sdk.hostname ?? (sdk.address === undefined ? undefined : `${sdk.address}:${sdk.port}`);
    const details = { endpoint: host ?? service, reason: reason === "" ? code : reason };
    return new HalfpriceError("UNREACHABLE", details, { cause: error });
  }
  const status = sdk.$metadata?.httpStatusCode;
  if (status === undefined) return error;
  if (status === 407) {
    const reason = "the proxy wants a name and a password (HTTP 407)";
    const details = {
      endpoint: service,
      reason,
      fix: "write them into HTTPS_PROXY before the host, with a colon between and an @ behind; letters such as @ and / in percent form (%40, %2F)",
    };
    return new HalfpriceError("UNREACHABLE", details, { cause: error });
  }
  const details = { service, operation, type: sdk.name, status, message: sdk.message };
  // HEAD has no body: all that is left of a refusal is its status.
  const words = `${sdk.name}: ${sdk.message}${status === 403 ? " (HTTP 403)" : ""}`;
  return new HalfpriceError("SERVICE_REFUSED", { ...details, explanation: explainMessage(words) }, { cause: error });
}

/** What the SDK's chain says of what it did not find, and what to do about just that. */
function explainMissing(reason: string): { reason: string; fix?: string } {
  const profile = /profile:? \[?"?([^\]"\s]+)\]?/i.exec(reason)?.[1] ?? process.env["AWS_PROFILE"];
  if (/multi-factor|MFA/i.test(reason)) {
    const name = profile === undefined ? "" : ` --profile ${profile}`;
    return {
      reason: `${reason}; halfprice asks for no MFA code`,
      fix: `let the AWS CLI ask for it, once a session: eval "$(aws configure export-credentials${name} --format env)"; then the same command without --profile`,
    };
  }
  const unknown = profile === undefined ? undefined : explainUnknownProfile(profile);
  if (unknown !== undefined) return unknown;
  if (process.env[bedrockKey])
    return {
      reason: `${reason}; ${bedrockKey} is set, but a Bedrock API key signs calls of Bedrock alone, and a job needs S3 and STS as well`,
      fix: "add credentials for them: aws configure, or aws sso login --profile NAME and then --profile NAME",
    };
  return { reason };
}

/** The SDK's error holds, by its answer's body, the whole request, signature included: that goes. */
function forgetRequest(error: Error): SdkError {
  const { $response: response } = error as { $response?: { body?: unknown } };
  if (response !== undefined) response.body = undefined;
  return error;
}

/** Calls the SDK; what it throws comes out wrapped. */
export async function calling<Result>(
  service: string,
  operation: string,
  call: () => Promise<Result>,
): Promise<Result> {
  crashPoint(`${service} ${operation} announced`);
  let result: Result;
  try {
    result = await call();
  } catch (error) {
    throw wrapError(error, service, operation);
  }
  crashPoint(`${service} ${operation} made`);
  return result;
}

/** Whether a call was refused with one of these error types. */
export function isRefusal(error: unknown, ...types: string[]): error is HalfpriceError<"SERVICE_REFUSED"> {
  return isError(error, "SERVICE_REFUSED") && types.includes(error.details.type);
}
