import { defined } from "../../foundation/defined.ts";
import type { SessionOptions } from "../../index.ts";
import type { CommonFlags, PlaceFlags } from "./options.ts";

/** Where a command works, of the options of its line. */
export function toSessionOptions(flags: CommonFlags & PlaceFlags): SessionOptions {
  const { workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, local } = flags;
  return defined({
    ...{ workspace, region, profile, endpointUrl, bucket, prefix, role, kmsKey, local },
    vpcSubnets: flags.vpcSubnets?.split(","),
    vpcSecurityGroups: flags.vpcSecurityGroups?.split(","),
  });
}
