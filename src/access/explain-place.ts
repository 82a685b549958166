import { makePolicies } from "./policies.ts";

interface Place {
  readonly bucket: string | undefined;
  readonly prefix: string;
  readonly roleArn: string | undefined;
}

/** What stands in policies where a name is still to be chosen. */
export const placeholderBucket = "YOUR-BUCKET";
export const placeholderRole = "HalfpriceBatchRole";

/** Which flags are missing, and the two policies that a new role needs, ready to paste. */
export function explainMissingPlace(
  place: Place,
  { accountId, region }: { accountId: string; region: string },
): string {
  const missing = [
    ...(place.bucket === undefined ? ["--bucket NAME              a bucket in this region (or HALFPRICE_BUCKET)"] : []),
    ...(place.roleArn === undefined
      ? ["--role ARN                 a role that Bedrock may assume (or HALFPRICE_ROLE_ARN)"]
      : []),
  ];
  const { trust, role } = makePolicies({
    accountId,
    region,
    bucket: place.bucket ?? placeholderBucket,
    prefix: place.prefix,
    roleArn: place.roleArn ?? `arn:aws:iam::${accountId}:role/${placeholderRole}`,
  });
  return [
    ...missing.map((line) => `  missing  ${line}`),
    "  trust policy of the role:",
    JSON.stringify(trust, null, 2),
    "  permissions policy of the role:",
    JSON.stringify(role, null, 2),
  ].join("\n");
}
