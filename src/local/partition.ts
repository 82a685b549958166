/** The partition of a Region, as ARNs have it ("Amazon Resource Names", AWS General Reference). */

const partitions: readonly (readonly [start: string, name: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eusc-", "aws-eusc"],
];

/** @returns `aws` for every other Region, and for none */
export const partitionOf = (region: string): string =>
  partitions.find(([start]) => region.startsWith(start))?.[1] ?? "aws";
