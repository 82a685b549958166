/**
 * Data: AWS's partitions, which share nothing: the first part of every ARN, the domain of their services, and the host of their
 * consoles, by the beginning of a region's name.
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html, known, not read again; the
 * partitions without public regions (aws-iso…) and the European sovereign one are from botocore's partitions.json: `unconfirmed` here
 */
export interface Partition {
  /** `aws`. */
  readonly name: string;
  /** `amazonaws.com`. */
  readonly domain: string;
  /** `console.aws.amazon.com`. */
  readonly console: string;
}

const of = (name: string, domain: string, console: string): Partition => ({ name, domain, console });

const commercial = of("aws", "amazonaws.com", "console.aws.amazon.com");

const others: readonly (readonly [start: string, partition: Partition])[] = [
  ["us-gov-", of("aws-us-gov", "amazonaws.com", "console.amazonaws-us-gov.com")],
  ["cn-", of("aws-cn", "amazonaws.com.cn", "console.amazonaws.cn")],
  ["eusc-", of("aws-eusc", "amazonaws.eu", "console.amazonaws-eusc.eu")],
  ["us-iso-", of("aws-iso", "c2s.ic.gov", "console.c2shome.ic.gov")],
  ["us-isob-", of("aws-iso-b", "sc2s.sgov.gov", "console.sc2shome.sgov.gov")],
  ["eu-isoe-", of("aws-iso-e", "cloud.adc-e.uk", "console.cloud-aws.adc-e.uk")],
  ["us-isof-", of("aws-iso-f", "csp.hci.ic.gov", "console.csphome.hci.ic.gov")],
];

/** The partition of a region. */
export function getPartition(region: string): Partition {
  return others.find(([start]) => region.startsWith(start))?.[1] ?? commercial;
}

/** The console's host for a region; GovCloud's and China's have no host a region. */
export function findConsoleHost(region: string): string {
  const { name, console } = getPartition(region);
  return name === "aws" ? `${region}.${console}` : console;
}
