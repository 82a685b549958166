/**
 * The region that the environment names. The SDK for JavaScript reads AWS_REGION only; boto3, the AWS CLI and Terraform read
 * AWS_DEFAULT_REGION, and so do their users (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html, read 2026-11-30).
 * Either wins over the profile's region.
 */
export function findEnvironmentRegion(): string | undefined {
  return process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"] || undefined;
}
/**
 * Where a Bedrock API key is taken from. The SDK signs Bedrock's calls with it, whatever other credentials there are; STS, S3 and IAM
 * keep to those.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html, read 2026-11-30
 */
export const bedrockKey = "AWS_BEARER_TOKEN_BEDROCK";
