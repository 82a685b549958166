/** Data: Bedrock's error types and their HTTP statuses (botocore 1.43.67 `bedrock`, `bedrock-runtime`, read 2026-08-07). */
export const statusOf: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConflictException: 400,
  InternalServerException: 500,
  ModelErrorException: 424,
  ModelNotReadyException: 429,
  ModelTimeoutException: 408,
  // Not AWS's: an operation that exists there and is not built here.
  NotImplementedException: 501,
  ResourceNotFoundException: 404,
  SerializationException: 400,
  ServiceQuotaExceededException: 400,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  TooManyTagsException: 400,
  ValidationException: 400,
};
