interface Place {
  readonly bucket: string | undefined;
  readonly roleArn: string | undefined;
}

/** Which flags are missing. */
export function explainMissingPlace({ bucket, roleArn }: Place): string {
  return [
    ...(bucket === undefined ? ["  missing  --bucket NAME   a bucket in this region (or HALFPRICE_BUCKET)"] : []),
    ...(roleArn === undefined
      ? ["  missing  --role ARN      a role that Bedrock may assume (or HALFPRICE_ROLE_ARN)"]
      : []),
  ].join("\n");
}
