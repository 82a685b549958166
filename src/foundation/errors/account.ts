/** Data: credentials, network, bucket, role, key and rights. A code is permanent. */
import type { Explanation } from "../types/index.ts";
import { entry, list } from "./entry.ts";

/** Errors of the account, its rights and its limits. */
export const accountErrors = {
  NO_BUCKET: entry<{ policies: string }>({
    exitCode: 2,
    says: ({ policies }) =>
      `No bucket or role is named, so there is nowhere to run.${policies === "" ? "" : `\n${policies}`}`,
    fix: () =>
      "halfprice setup makes both, and shows first what it will make (halfprice setup --print: only the policies)",
    about: "A job needs an S3 bucket for its files and a service role that Bedrock assumes.",
    example: { policies: "" },
  }),
  NO_REGION: entry<Record<never, never>>({
    exitCode: 2,
    says: () => "No AWS region is set.",
    fix: () => "give --region us-east-1, or set AWS_REGION, or region = … in the profile",
    about: "Neither an option, the environment, the profile nor the instance that it runs on names a region.",
    example: {},
  }),
  NO_CREDENTIALS: entry<{ reason: string; fix?: string | undefined }>({
    exitCode: 3,
    says: ({ reason }) => `No AWS credentials were found: ${reason}.`,
    fix: ({ fix }) =>
      fix ??
      "aws configure, or aws sso login --profile NAME and then --profile NAME; to try without an account: --local",
    about:
      "The AWS SDK's credential chain found nothing: no credentials at all, a profile that there is not, one that wants an MFA code, or a Bedrock API key alone, which signs calls of Bedrock and no others.",
    example: { reason: "Could not load credentials from any providers" },
  }),
  CREDENTIALS_REFUSED: entry<{ reason: string; explanation?: Explanation | undefined }>({
    exitCode: 3,
    says: ({ reason }) => `AWS refused the credentials: ${reason}.`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) =>
      explanation?.fix ??
      "get new ones (aws sso login --profile NAME); jobs that are running go on, and the same command takes them up",
    about: "Credentials that have expired, are not active, or are of another partition.",
    example: { reason: "The security token included in the request is expired" },
  }),
  UNREACHABLE: entry<{ endpoint: string; reason: string; fix?: string | undefined }>({
    exitCode: 3,
    says: ({ endpoint, reason }) => `${endpoint} cannot be reached: ${reason}.`,
    fix: ({ fix }) =>
      fix ??
      "check the network, --region and --endpoint-url; behind a company's proxy set HTTPS_PROXY (and NO_PROXY), and AWS_CA_BUNDLE where it has certificates of its own",
    about: "No connection to the service could be made. A region that does not exist looks the same.",
    example: { endpoint: "https://bedrock.us-east-1.amazonaws.com", reason: "connect ETIMEDOUT" },
  }),
  BROKEN_DOWNLOAD: entry<{ uri: string; tries: number; reason: string }>({
    exitCode: 3,
    says: ({ uri, tries, reason }) => `${uri} did not arrive whole, ${tries} times: ${reason}. Nothing was kept of it.`,
    fix: () => "run the same command again; what was fetched before stays",
    about:
      "A download's checksum or length was wrong again and again: usually a proxy that changes or cuts what it hands on.",
    example: {
      uri: "s3://my-bucket/halfprice/20260314-093000-k3x9a/shard-00001.jsonl.out",
      tries: 4,
      reason: "the checksum is another",
    },
  }),
  SERVICE_REFUSED: entry<{
    service: string;
    operation: string;
    type: string;
    status: number;
    message: string;
    explanation?: Explanation | undefined;
  }>({
    exitCode: 3,
    says: ({ service, operation, type, status, message }) =>
      `${service} ${operation} answered ${type} (HTTP ${status}): ${message}`,
    why: ({ explanation }) => explanation?.cause,
    fix: ({ explanation }) =>
      explanation?.fix ??
      "halfprice does not know these words; fix what they name, and the same command goes on from where it was (halfprice doctor checks what is usually missing)",
    about: "The service refused a call. Its own words are shown, and what they mean.",
    example: {
      service: "Bedrock",
      operation: "CreateModelInvocationJob",
      type: "ValidationException",
      status: 400,
      message: "The provided model identifier is invalid.",
    },
  }),
  BUCKET_NOT_FOUND: entry<{ bucket: string }>({
    exitCode: 3,
    says: ({ bucket }) => `There is no bucket ${bucket} (or this account may not know of it).`,
    fix: ({ bucket }) => `check the name, or make it, private and encrypted: halfprice setup --bucket ${bucket}`,
    about: "HeadBucket answered 404.",
    example: { bucket: "my-bucket" },
  }),
  BUCKET_DENIED: entry<{ bucket: string; caller: string }>({
    exitCode: 3,
    says: ({ bucket, caller }) => `${caller} may not look into the bucket ${bucket}.`,
    fix: () =>
      "give it the caller's policy that this prints: halfprice setup --print; a bucket of another account needs another name: --bucket",
    about: "HeadBucket answered 403: s3:ListBucket is missing, or the bucket is another account's.",
    example: { bucket: "my-bucket", caller: "arn:aws:iam::111122223333:user/ana" },
  }),
  BUCKET_REGION: entry<{ bucket: string; bucketRegion: string; region: string }>({
    exitCode: 3,
    says: ({ bucket, bucketRegion, region }) =>
      `The bucket ${bucket} is in ${bucketRegion}; the job would run in ${region}. They have to be the same.`,
    fix: ({ bucketRegion }) => `use --region ${bucketRegion}, or another bucket`,
    about: "Bedrock reads and writes only in the job's own region.",
    example: { bucket: "my-bucket", bucketRegion: "eu-west-1", region: "us-east-1" },
  }),
  SETUP_DENIED: entry<{ callerArn: string; message: string }>({
    exitCode: 3,
    says: ({ message }) => `Setup reads and makes bucket, role and policies, and was refused: ${message}`,
    fix: ({ callerArn }) =>
      `have an administrator run: halfprice setup --caller ${callerArn}   (or halfprice setup --print, for the policies)`,
    about: "Who sets up needs rights over S3 buckets and IAM roles that who runs jobs does not.",
    example: {
      callerArn: "arn:aws:iam::111122223333:user/ana",
      message: "User ana is not authorized to perform iam:CreateRole",
    },
  }),
  NO_SUCH_CALLER: entry<{ callerArn: string }>({
    exitCode: 2,
    says: ({ callerArn }) => `There is no user or role ${callerArn} in this account.`,
    fix: () => "give the ARN that this prints where runs are to be started: aws sts get-caller-identity",
    about: "`setup --caller` names who is to get the policy of the caller.",
    example: { callerArn: "arn:aws:iam::111122223333:user/ana" },
  }),
  DEPLOY_FAILED: entry<{ stack: string; state: string; reasons: readonly string[]; region: string }>({
    exitCode: 3,
    says: ({ stack, state, reasons }) =>
      `CloudFormation did not bring the stack ${stack} to its end; it is ${state}.${reasons.length === 0 ? "" : `\n  ${list(reasons)}`}`,
    fix: ({ stack, region }) =>
      `fix what is named above and run the same command again; all that happened: aws cloudformation describe-stack-events --stack-name ${stack} --region ${region}`,
    about:
      "`deploy` makes its function through CloudFormation, which puts back what it made where something fails. A new account may have too few concurrent executions to reserve one for the function; its quota can be raised.",
    example: {
      stack: "halfprice",
      state: "ROLLBACK_COMPLETE",
      reasons: ["Function: User ana is not authorized to perform lambda:CreateFunction"],
      region: "us-east-1",
    },
  }),
  UNDO_CONFLICT: entry<{ name: string; reason: string }>({
    exitCode: 3,
    says: ({ name, reason }) => `The ${name} cannot be removed, for something else holds on to it: ${reason}`,
    fix: () => "take away what was added to it by others, then: halfprice setup --undo",
    about: "`setup --undo` removes only what setup made; policies or objects that were added since are not its own.",
    example: { name: "role halfprice-batch", reason: "Cannot delete entity, must detach all policies first." },
  }),
  ROLE_NOT_FOUND: entry<{ roleArn: string }>({
    exitCode: 3,
    says: ({ roleArn }) => `There is no role ${roleArn}.`,
    fix: () =>
      "make it, with its policies: halfprice setup (or by hand, with what this prints: halfprice setup --print)",
    about: "GetRole answered NoSuchEntity.",
    example: { roleArn: "arn:aws:iam::111122223333:role/halfprice-batch" },
  }),
  ROLE_ACCOUNT: entry<{ roleArn: string; accountId: string }>({
    exitCode: 3,
    says: ({ roleArn, accountId }) =>
      `The role ${roleArn} is not of this account (${accountId}). Bedrock takes roles of the caller's account only.`,
    fix: () => "use a role of this account, or the other account's --profile",
    about: "The account in the role's ARN is not the caller's: often the wrong profile.",
    example: { roleArn: "arn:aws:iam::444455556666:role/halfprice-batch", accountId: "111122223333" },
  }),
  ROLE_TRUST: entry<{ roleArn: string; problem: string }>({
    exitCode: 3,
    says: ({ roleArn, problem }) => `Bedrock may not assume the role ${roleArn}: ${problem}.`,
    fix: () =>
      "halfprice doctor --fix adds the statement that lets it; halfprice setup --print has the whole trust policy",
    about: "The role's trust policy does not admit bedrock.amazonaws.com for jobs of this account.",
    example: {
      roleArn: "arn:aws:iam::111122223333:role/halfprice-batch",
      problem: "its trust policy names ec2.amazonaws.com only",
    },
  }),
  ROLE_PATH: entry<{ roleArn: string; foundArn: string }>({
    exitCode: 3,
    says: ({ roleArn, foundArn }) => `There is no role ${roleArn}; the role of this name is ${foundArn}.`,
    fix: ({ foundArn }) => `--role ${foundArn}`,
    about: "A role with a path has the path in its ARN, and Bedrock wants the whole of it.",
    example: {
      roleArn: "arn:aws:iam::111122223333:role/halfprice-batch",
      foundArn: "arn:aws:iam::111122223333:role/jobs/halfprice-batch",
    },
  }),
  ROLE_RIGHTS: entry<{ roleArn: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ roleArn, problems }) => `The service role ${roleArn} may not do what a job needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about:
      "The service role lacks a right, or something denies it: files in S3, the model, the key. The service itself says so only minutes after the upload, or at the job's end.",
    example: {
      roleArn: "arn:aws:iam::111122223333:role/halfprice-batch",
      problems: ["s3:GetObject on arn:aws:s3:::my-bucket/halfprice/*: no policy allows it"],
      fix: "halfprice doctor --fix",
    },
  }),
  CALLER_RIGHTS: entry<{ caller: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ caller, problems }) => `${caller} may not do what a run needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about: "Whoever runs the command lacks a right, or something denies it.",
    example: {
      caller: "arn:aws:iam::111122223333:user/ana",
      problems: ["bedrock:CreateModelInvocationJob: no policy allows it"],
      fix: "add the caller's policy that this prints: halfprice setup --print",
    },
  }),
  BUCKET_POLICY: entry<{ bucket: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ bucket, problems }) => `The policy of the bucket ${bucket} denies what a job needs:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about: "A Deny in the bucket's own policy; no Allow of a role or user outweighs it.",
    example: {
      bucket: "my-bucket",
      problems: ["s3:PutObject: denied by the statement TlsOnly"],
      fix: "leave the role out of that statement",
    },
  }),
  KEY_UNUSABLE: entry<{ key: string; problem: string; fix: string }>({
    exitCode: 3,
    says: ({ key, problem }) => `Nothing can be encrypted with the KMS key ${key}: ${problem}.`,
    fix: ({ fix }) => fix,
    about:
      "The key of the run, or of its bucket, is not there, not enabled, about to be deleted, of another region, or of a kind that S3 does not take.",
    example: { key: "alias/batch", problem: "it is disabled", fix: "aws kms enable-key --key-id alias/batch" },
  }),
  KEY_POLICY: entry<{ key: string; problems: readonly string[]; fix: string }>({
    exitCode: 3,
    says: ({ key, problems }) => `The policy of the KMS key ${key} does not let a job work:\n  ${list(problems)}`,
    fix: ({ fix }) => fix,
    about:
      "A key's own policy decides first: it has to name who uses the key, or to leave that to IAM through the account's root, and a Deny in it outweighs everything.",
    example: {
      key: "alias/batch",
      problems: ["kms:GenerateDataKey: the key's policy does not name the role"],
      fix: "halfprice doctor --fix",
    },
  }),
  CLOCK: entry<{ words: string }>({
    exitCode: 3,
    says: ({ words }) => `This machine's clock is ${words}; AWS refuses signatures that are more than 15 minutes off.`,
    fix: () => "set it: sudo timedatectl set-ntp true",
    about: "The clock is wrong: requests are refused now and then, with errors that do not name the clock.",
    example: { words: "21 minutes slow" },
  }),
  PASS_ROLE: entry<{
    roleArn: string;
    caller: string;
    problems?: readonly string[] | undefined;
    fix?: string | undefined;
  }>({
    exitCode: 3,
    says: ({ roleArn, caller, problems = [] }) =>
      `${caller} may not pass the role ${roleArn} to Bedrock (iam:PassRole)${problems.length === 0 ? "." : `:\n  ${list(problems)}`}`,
    fix: ({ fix }) => fix ?? "add the caller's policy that this prints: halfprice setup --print",
    about: "The caller needs iam:PassRole on the service role. The article's most frequent stumbling block.",
    example: {
      roleArn: "arn:aws:iam::111122223333:role/halfprice-batch",
      caller: "arn:aws:iam::111122223333:user/ana",
    },
  }),
} as const;
