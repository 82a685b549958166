/** Data: shapes that several operations share (botocore 1.43.67 and @aws-sdk/client-bedrock 3.1162.0). */

import { jobStatuses } from "../jobs/job.ts";
import type { StringShape, StructureShape } from "../wire/shape.ts";

export const jobName = {
  type: "string",
  min: 1,
  max: 63,
  pattern: "[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\\+\\-\\.]){0,63}",
  // The same language; AWS's spelling takes exponential time on a row of hyphens.
  linear: "[a-zA-Z0-9][a-zA-Z0-9+\\-.]*",
} as const satisfies StringShape;

export const roleArn = {
  type: "string",
  min: 0,
  max: 2048,
  pattern: "arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+",
} as const satisfies StringShape;

export const modelId = {
  type: "string",
  min: 1,
  max: 2048,
  pattern:
    "(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(([0-9]{12}:custom-model/[a-z0-9-]{1,63}[.]{1}[a-z0-9-:]{1,63}/[a-z0-9]{12}$)|(:foundation-model/([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})|(([0-9a-zA-Z][_-]?)+)$)|([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)))|([a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2})|(([0-9a-zA-Z][_-]?)+)",
} as const satisfies StringShape;

export const s3Uri = {
  type: "string",
  min: 1,
  max: 1024,
  pattern: "s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?",
} as const satisfies StringShape;

export const accountId = { type: "string", pattern: "[0-9]{12}" } as const satisfies StringShape;

export const kmsKeyId = {
  type: "string",
  min: 1,
  max: 2048,
  pattern:
    "(arn:aws(-[^:]+)?:kms:[a-zA-Z0-9-]*:[0-9]{12}:((key/[a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)))|([a-zA-Z0-9-]{36})|(alias/[a-zA-Z0-9-_/]+)",
} as const satisfies StringShape;

export const clientRequestToken = {
  type: "string",
  min: 1,
  max: 256,
  pattern: "[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}",
  linear: "[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*",
} as const satisfies StringShape;

const tagText = "[a-zA-Z0-9\\s._:/=+@-]*";
export const tagKey = { type: "string", min: 1, max: 128, pattern: tagText } as const satisfies StringShape;
export const tagList = {
  type: "list",
  min: 0,
  max: 200,
  of: {
    type: "structure",
    members: {
      key: { shape: tagKey, required: true },
      value: { shape: { type: "string", min: 0, max: 256, pattern: tagText }, required: true },
    },
  },
} as const;

const vpcId = { type: "string", min: 0, max: 32, pattern: "[-0-9a-zA-Z]+" } as const;
export const vpcConfig = {
  type: "structure",
  members: {
    subnetIds: { shape: { type: "list", min: 1, max: 16, of: vpcId }, required: true },
    securityGroupIds: { shape: { type: "list", min: 1, max: 5, of: vpcId }, required: true },
  },
} as const satisfies StructureShape;

export const jobIdentifier = {
  type: "string",
  min: 0,
  max: 1011,
  pattern: "((arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:model-invocation-job/)?[a-z0-9]{12})",
} as const satisfies StringShape;

export const jobStatus = { type: "string", enum: jobStatuses } as const satisfies StringShape;

export const maxResults = { type: "integer", min: 1, max: 1000 } as const;
export const nextToken = { type: "string", min: 1, max: 2048, pattern: "\\S*" } as const satisfies StringShape;

export const taggableArn = {
  type: "string",
  min: 20,
  max: 1011,
  pattern:
    ".*(^[a-zA-Z0-9][a-zA-Z0-9\\-]*$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:custom-model/(imported)/[a-z0-9]{12}$)|(^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:([0-9]{12}|)((:(fine-tuning-job|model-customization-job|custom-model)/[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}([a-z0-9-]{1,63}[.]){0,2}[a-z0-9-]{1,63}([:][a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})$)|(:guardrail/[a-z0-9]+$)|(:automated-reasoning-policy/[a-zA-Z0-9]+(:[a-zA-Z0-9]+)?$)|(:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+$)|(:(provisioned-model|model-invocation-job|model-evaluation-job|evaluation-job|model-import-job|imported-model|async-invoke|provisioned-model-v2|provisioned-model-reservation|prompt-router|custom-model-deployment)/[a-z0-9]{12}$))).*",
} as const satisfies StringShape;

export const profileIdentifier = {
  type: "string",
  min: 1,
  max: 2048,
  pattern:
    "(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)/)?[a-zA-Z0-9-:.]+",
} as const satisfies StringShape;
