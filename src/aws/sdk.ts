import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The packages of the AWS SDK. Each is loaded when the first client of it is made: together they take longer than everything of
 * halfprice, and most commands need none or one.
 */
export const sdk = {
  get bedrock() {
    return require("@aws-sdk/client-bedrock") as typeof import("@aws-sdk/client-bedrock");
  },
  get bedrockRuntime() {
    return require("@aws-sdk/client-bedrock-runtime") as typeof import("@aws-sdk/client-bedrock-runtime");
  },
  get cloudformation() {
    return require("@aws-sdk/client-cloudformation") as typeof import("@aws-sdk/client-cloudformation");
  },
  get cloudwatch() {
    return require("@aws-sdk/client-cloudwatch") as typeof import("@aws-sdk/client-cloudwatch");
  },
  get iam() {
    return require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam");
  },
  get kms() {
    return require("@aws-sdk/client-kms") as typeof import("@aws-sdk/client-kms");
  },
  get pricing() {
    return require("@aws-sdk/client-pricing") as typeof import("@aws-sdk/client-pricing");
  },
  get s3() {
    return require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
  },
  get serviceQuotas() {
    return require("@aws-sdk/client-service-quotas") as typeof import("@aws-sdk/client-service-quotas");
  },
  get sns() {
    return require("@aws-sdk/client-sns") as typeof import("@aws-sdk/client-sns");
  },
  get sts() {
    return require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts");
  },
  get credentialProvider() {
    return require("@aws-sdk/credential-provider-node") as typeof import("@aws-sdk/credential-provider-node");
  },
  get http() {
    return require("@smithy/node-http-handler") as typeof import("@smithy/node-http-handler");
  },
} as const;
