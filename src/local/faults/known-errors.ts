/** Data: errors by the names that fault plans use, in AWS's words (sources#failures). */

export interface KnownError {
  readonly type: string;
  readonly status: number;
  readonly message: string;
}

/** Errors of calls. */
export const callErrors: Readonly<Record<string, KnownError>> = {
  throttling: {
    type: "ThrottlingException",
    status: 429,
    message: "Too many requests, please wait before trying again.",
  },
  internal: {
    type: "InternalServerException",
    status: 500,
    message: "The system encountered an unexpected error during processing. Try your request again.",
  },
  unavailable: {
    type: "ServiceUnavailableException",
    status: 503,
    message: "The service is temporarily unavailable. Try your request again.",
  },
  "bad-gateway": { type: "BadGateway", status: 502, message: "Bad Gateway" },
  "pass-role-denied": {
    type: "AccessDeniedException",
    status: 403,
    message:
      "User: arn:aws:sts::123456789012:assumed-role/local/session is not authorized to perform: iam:PassRole on resource: " +
      "arn:aws:iam::123456789012:role/BatchRole because no identity-based policy allows the iam:PassRole action",
  },
  "access-denied": {
    type: "AccessDeniedException",
    status: 403,
    message:
      "User: arn:aws:iam::123456789012:user/local is not authorized to perform: bedrock:CreateModelInvocationJob on resource: * " +
      "because no identity-based policy allows the bedrock:CreateModelInvocationJob action",
  },
  "cross-account-role": {
    type: "AccessDeniedException",
    status: 403,
    message: "Cross-account pass role is not allowed.",
  },
  "role-not-assumable": { type: "ValidationException", status: 400, message: "Could not assume provided IAM role." },
  "no-batch": {
    type: "ValidationException",
    status: 400,
    message: "Batch inference is not supported for the requested model.",
  },
  "no-batch-here": {
    type: "ValidationException",
    status: 400,
    message: "Batch inference is not supported for model amazon.nova-lite-v1:0 in region us-west-2",
  },
  "invalid-model": { type: "ValidationException", status: 400, message: "The provided model identifier is invalid." },
  marketplace: {
    type: "AccessDeniedException",
    status: 403,
    message:
      "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions " +
      "(aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model. try again after 2 minutes.",
  },
  "use-case-form": {
    type: "FTUFormNotFilled",
    status: 404,
    message: "Model use case details have not been submitted for this account.",
  },
  "legacy-model": {
    type: "ResourceNotFoundException",
    status: 404,
    message: "This Model is marked by provider as Legacy.",
  },
  "no-entitlement": {
    type: "ValidationException",
    status: 400,
    message: "Your account is not authorized to perform this action. Please create a support case.",
  },
  "jobs-quota": {
    type: "ServiceQuotaExceededException",
    status: 400,
    message: "Your account has reached the quota for number of concurrent invoke-model jobs in progress.",
  },
  "name-in-use": { type: "ConflictException", status: 400, message: "The provided job name is currently in use." },
  "expired-token": {
    type: "ExpiredTokenException",
    status: 403,
    message: "The security token included in the request is expired",
  },
  // sources#error-answers, bedrock-runtime
  "invalid-token": {
    type: "UnrecognizedClientException",
    status: 403,
    message: "The security token included in the request is invalid.",
  },
  "s3-access-denied": { type: "AccessDenied", status: 403, message: "Access Denied" },
  "s3-slow-down": { type: "SlowDown", status: 503, message: "Please reduce your request rate." },
  "s3-internal": { type: "InternalError", status: 500, message: "We encountered an internal error. Please try again." },
  "s3-expired-token": { type: "ExpiredToken", status: 400, message: "The provided token has expired." },
  "s3-wrong-region": {
    type: "PermanentRedirect",
    status: 301,
    message:
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
  },
  "s3-request-timeout": {
    type: "RequestTimeout",
    status: 400,
    message:
      "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  },
  "s3-skewed-clock": {
    type: "RequestTimeTooSkewed",
    status: 403,
    message: "The difference between the request time and the current time is too large.",
  },
};

/** Messages of jobs that fail in Validating. `{input}`, `{bucket}`, `{key}`, `{file}` and `{arn}` are filled in. */
export const validationMessages: Readonly<Record<string, string>> = {
  "too-few-records": "Batch job {arn} contains less records (10) than the required minimum of: 100",
  "list-denied": "Could not validate ListBucket permissions for S3URI: {input}",
  "get-denied": "Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key {key}",
  "put-denied":
    "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: {bucket} at key output/.write_access_check_file.tmp",
  "not-jsonl": "Unable to parse Amazon S3 file: {file}. Data files must conform to JSONL format.",
  "role-not-assumable": "Could not assume provided IAM role.",
  unexpected: "Encountered an unexpected error when processing the request, please try again",
};

/** Messages of jobs that fail while they run. */
export const runMessages: Readonly<Record<string, string>> = {
  "cannot-invoke": "Customer doesn't have permissions to invokeModel",
  // With the service role named.
  marketplace: callErrors["marketplace"]?.message ?? "",
  "service-control-policy":
    "User: arn:aws:sts::123456789012:assumed-role/BatchRole/session is not authorized to perform: bedrock:InvokeModel on resource: " +
    "arn:aws:bedrock:us-east-2::foundation-model/{model} with an explicit deny in a service control policy",
  unexpected: "Encountered an unexpected error when processing the request, please try again",
};

/** Errors of records. No sample of the first three in a batch was found (R6): these are the on-demand words. */
export const recordErrors: Readonly<
  Record<"throttled" | "internal" | "timeout", { errorCode: number; errorMessage: string }>
> = {
  throttled: { errorCode: 429, errorMessage: "Too many requests, please wait before trying again." },
  internal: {
    errorCode: 500,
    errorMessage: "The system encountered an unexpected error during processing. Try your request again.",
  },
  timeout: { errorCode: 408, errorMessage: "Model has timed out in processing the request. Try your request again." },
};
