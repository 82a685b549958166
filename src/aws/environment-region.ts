/**
 * The region that the environment names. The SDK for JavaScript reads AWS_REGION only; boto3, the AWS CLI and Terraform read
 * AWS_DEFAULT_REGION, and so do their users (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html, read 2026-11-30).
 * Either wins over the profile's region.
 */
export function findEnvironmentRegion(): string | undefined {
  return process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"] || undefined;
}
