/**
 * Where a Bedrock API key is taken from. The SDK signs Bedrock's calls with it, whatever other credentials there are; STS, S3 and IAM
 * keep to those.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html, read 2026-11-30
 */
export const bedrockKey = "AWS_BEARER_TOKEN_BEDROCK";
