import { getPartition } from "../foundation/partitions.ts";
import type { ModelChoice } from "../foundation/types/index.ts";

/** A policy document, as JSON. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string | readonly string[]>> | "*";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A model as policies name it. */
export type PolicyModel = Pick<ModelChoice, "invokeId" | "baseId" | "route">;

/** What the policies are written for. */
export interface AccessScope {
  readonly accountId: string;
  readonly region: string;
  readonly bucket: string;
  /** Keys below it are the runs'; ends with a slash, or is empty. */
  readonly prefix: string;
  readonly roleArn: string;
  /** Where the workspace is, if on S3: who runs halfprice reads and writes there too. */
  readonly workspace?: { readonly bucket: string; readonly prefix: string };
  /** The models that may be invoked; without one, every model. */
  readonly model?: PolicyModel | readonly PolicyModel[];
  /** The ARN of the key that input and output are encrypted with; without one, S3's own keys. */
  readonly kmsKeyArn?: string;
  /** The role may list below the prefix only, where AWS's page and its own tools give the whole bucket. @defaultValue false */
  readonly isPrefixStrict?: boolean;
  /** Subnets and security groups of the jobs, where they are to run in a VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** A policy of some statements. */
export const makePolicy = (...statements: readonly Statement[]): Policy => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** `aws`, `aws-us-gov`, `aws-cn` and others: the first part of every ARN in a region. */
export const findPartition = (region: string): string => getPartition(region).name;
