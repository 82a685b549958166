/**
 * What a job in a VPC asks of its role: AWS's page on batch jobs in a VPC names the actions, and the tags that Bedrock gives its
 * interfaces (read 2026-11-21). Which resources it names in its calls is unconfirmed; these are those of EC2's own table.
 */

import type { AccessRequest } from "../iam/access-request.ts";
import { partitionOf } from "../partition.ts";
import type { Job } from "./job.ts";

export type VpcConfig = NonNullable<Job["vpcConfig"]>;

const describing = ["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs"];
const onInterface = ["CreateNetworkInterfacePermission", "DeleteNetworkInterface", "DeleteNetworkInterfacePermission"];

export function listVpcAsks({ subnetIds, securityGroupIds }: VpcConfig, job: Job, accountId: string): AccessRequest[] {
  const { region } = job;
  const ec2 = `arn:${partitionOf(region)}:ec2:${region}:${accountId}`;
  const networkInterface = `${ec2}:network-interface/*`;
  const tags = { BedrockManaged: "true", BedrockModelInvocationJobArn: job.arn };
  const withTags = (kind: "RequestTag" | "ResourceTag"): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${kind}/${key}`, value]));
  const places = [
    ...subnetIds.map((id) => `${ec2}:subnet/${id}`),
    ...securityGroupIds.map((id) => `${ec2}:security-group/${id}`),
  ];
  const making = withTags("RequestTag");
  return [
    ...describing.map((what) => ({ action: `ec2:Describe${what}`, resource: "*", region })),
    ...places.map((resource) => ({ action: "ec2:CreateNetworkInterface", resource, region })),
    { action: "ec2:CreateNetworkInterface", resource: networkInterface, region, keys: making },
    {
      action: "ec2:CreateTags",
      resource: networkInterface,
      region,
      keys: { ...making, "ec2:CreateAction": "CreateNetworkInterface" },
    },
    ...onInterface.map((name) => ({
      action: `ec2:${name}`,
      resource: networkInterface,
      region,
      keys: withTags("ResourceTag"),
    })),
  ];
}
