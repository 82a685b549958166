import { defined } from "../foundation/defined.ts";
import { makeCallerPolicy } from "./caller-policy.ts";
import { type AccessScope, makeBucketPolicy, makeRolePolicy, makeTrustPolicy } from "./policies.ts";
import { makeLifecycleRule, privateBucket } from "./wanted-bucket.ts";

/** A CloudFormation template: JSON is YAML too, so it is given as JSON. */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;
}

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface TemplateOptions {
  readonly expireDays: number;
  /** Who gets the caller's policy. Undefined: it is made as a managed policy, to be attached by hand. */
  readonly callerArn?: string | undefined;
}

/** `role/service-role/Name`, `role/Name` and `assumed-role/Name/session` are all `Name`. */
const nameOf = (arn: string): string =>
  /:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? arn.slice(arn.lastIndexOf("/") + 1);

/**
 * What setup makes, as a template, with the same names. The bucket outlives the stack: it holds people's data.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html (known, not read again)
 */
export function makeTemplate(scope: AccessScope, { expireDays, callerArn }: TemplateOptions): Template {
  const { bucket, prefix, kmsKeyArn } = scope;
  const encryption =
    kmsKeyArn === undefined
      ? { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }
      : {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsKeyArn },
        };
  const kind = callerArn === undefined ? undefined : /:user\//.test(callerArn) ? "Users" : "Roles";
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `halfprice: bucket, service role and caller's policy for batch jobs in ${scope.region}. Needs CAPABILITY_NAMED_IAM.`,
    Resources: {
      Bucket: {
        Type: "AWS::S3::Bucket",
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          BucketName: bucket,
          PublicAccessBlockConfiguration: privateBucket,
          BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] },
          LifecycleConfiguration: { Rules: [makeRule(prefix, expireDays)] },
        },
      },
      BucketPolicy: {
        Type: "AWS::S3::BucketPolicy",
        Properties: { Bucket: { Ref: "Bucket" }, PolicyDocument: makeBucketPolicy(scope) },
      },
      ServiceRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: nameOf(scope.roleArn),
          Description: "Bedrock runs the batch jobs of halfprice with it",
          AssumeRolePolicyDocument: makeTrustPolicy(scope),
          Policies: [{ PolicyName: "halfprice-batch", PolicyDocument: makeRolePolicy(scope) }],
        },
      },
      CallerPolicy: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: {
          Description: "What it takes to run halfprice",
          PolicyDocument: makeCallerPolicy(scope),
          ...(kind === undefined || callerArn === undefined ? {} : { [kind]: [nameOf(callerArn)] }),
        },
      },
    },
    Outputs: {
      Bucket: { Description: "for --bucket", Value: { Ref: "Bucket" } },
      RoleArn: { Description: "for --role", Value: { "Fn::GetAtt": ["ServiceRole", "Arn"] } },
      CallerPolicyArn: { Description: "the policy of who runs halfprice", Value: { Ref: "CallerPolicy" } },
    },
  };
}

/** The rule in CloudFormation's own words, which are not those of S3. */
function makeRule(prefix: string, expireDays: number): Readonly<Record<string, unknown>> {
  const {
    ID: Id,
    Status,
    Expiration,
    NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload,
  } = makeLifecycleRule(prefix, expireDays);
  return {
    Id,
    Status,
    ...(prefix === "" ? {} : { Prefix: prefix }),
    ...(Expiration === undefined ? {} : { ExpirationInDays: Expiration.Days }),
    ...defined({ NoncurrentVersionExpiration }),
    AbortIncompleteMultipartUpload,
  };
}
