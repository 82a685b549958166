/** Data: set-ups that are broken in one thing each, what doctor has to name, and what fixes them. */
import { account, allow, deny, type Statement } from "../../local/iam/enforced.ts";
import { type Built, makeSound, nameNext, region, type SetUp, type World } from "./set-ups.ts";

export interface BrokenSetUp {
  readonly name: string;
  /** Bends a sound set-up. */
  readonly bend: (sound: SetUp, names: ReturnType<typeof nameNext>) => Partial<SetUp>;
  /** The check that has to fail, alone. */
  readonly check: string;
  /** What it has to say: the missing thing itself. */
  readonly words: RegExp;
  /** `fix`: what `--fix` does; `rebuild`: without what denied; else what its fix tells a person to do. */
  readonly mend: "fix" | "rebuild" | ((built: Built, sound: SetUp) => Partial<SetUp>);
}

/** A statement that is not there cannot be bent: then the set-up would be sound. */
function has(statements: readonly Statement[], sid: string): readonly Statement[] {
  if (!statements.some((each) => each["Sid"] === sid)) throw new Error(`no statement ${sid}`);
  return statements;
}
const without = (statements: readonly Statement[], sid: string): readonly Statement[] =>
  has(statements, sid).filter((each) => each["Sid"] !== sid);
const replace = (statements: readonly Statement[], sid: string, more: Statement): readonly Statement[] =>
  has(statements, sid).map((each) => (each["Sid"] === sid ? { ...each, ...more } : each));
const takeAction = (statements: readonly Statement[], action: string): readonly Statement[] =>
  statements.map((each) => {
    const actions = [each["Action"]].flat() as string[];
    const left = actions.filter((name) => name !== action);
    return left.length === actions.length ? each : { ...each, Action: left };
  });
const back =
  (part: keyof SetUp): ((built: Built, sound: SetUp) => Partial<SetUp>) =>
  (_built, sound) => ({ [part]: sound[part] });
const told =
  (more: Partial<SetUp["told"]>): ((built: Built, sound: SetUp) => Partial<SetUp>) =>
  (_built, sound) => ({ told: { ...sound.told, ...more } });

const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/us.${haiku}`;
const jobs = `arn:aws:bedrock:${region}:${account}:model-invocation-job/*`;
const bedrock = { Service: "bedrock.amazonaws.com" };
const trusting = (more: Statement = {}): Statement => ({
  Sid: "Trust",
  Effect: "Allow",
  Principal: bedrock,
  Action: "sts:AssumeRole",
  ...more,
});
const everything = allow("*");

export const brokenSetUps: readonly BrokenSetUp[] = [
  // The caller: who may do what.
  {
    name: "PassRole is missing (the article's first tip)",
    bend: ({ user }) => ({ user: without(user, "HandTheRoleToBedrock") }),
    check: "pass-role",
    words: /iam:PassRole on .*role\/batch-\d+: no policy allows it/,
    mend: "fix",
  },
  {
    name: "PassRole names another role",
    bend: ({ user }) => ({
      user: replace(user, "HandTheRoleToBedrock", { Resource: `arn:aws:iam::${account}:role/other` }),
    }),
    check: "pass-role",
    words: /role\/batch-\d+: no policy allows it/,
    mend: "fix",
  },
  {
    name: "PassRole is for another service",
    bend: ({ user }) => ({
      user: replace(user, "HandTheRoleToBedrock", {
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      }),
    }),
    check: "pass-role",
    words: /no policy allows it/,
    mend: "fix",
  },
  {
    name: "PassRole is denied inline",
    bend: ({ user }) => ({ user: [...user, deny("iam:PassRole", "*", { Sid: "NoPassing" })] }),
    check: "pass-role",
    words: /the statement NoPassing of the policy work denies it/,
    mend: back("user"),
  },
  {
    name: "PassRole is denied by a managed policy",
    bend: () => ({
      userManaged: [
        deny("iam:*", "*", {
          Sid: "NoIam",
          Condition: { StringEquals: { "iam:PassedToService": "bedrock.amazonaws.com" } },
        }),
      ],
    }),
    check: "pass-role",
    words: /the statement NoIam of the policy arn:aws:iam::\d+:policy\/user-\d+ denies it/,
    mend: "rebuild",
  },
  {
    name: "the caller's boundary leaves PassRole out",
    bend: () => ({
      userBoundary: [allow(["bedrock:*", "s3:*", "servicequotas:*", "iam:Get*", "iam:List*", "iam:Simulate*"])],
    }),
    check: "pass-role",
    words: /permissions boundary does not allow it/,
    mend: "rebuild",
  },
  {
    name: "CreateModelInvocationJob is missing",
    bend: ({ user }) => ({ user: without(user, "CreateJobsAndTryRows") }),
    check: "caller-jobs",
    words: /bedrock:CreateModelInvocationJob on arn:aws:bedrock:us-east-1:\d+:model-invocation-job\/\*: no policy/,
    mend: "fix",
  },
  {
    name: "CreateModelInvocationJob is for jobs, not the model",
    bend: ({ user }) => ({ user: replace(user, "CreateJobsAndTryRows", { Resource: jobs }) }),
    check: "caller-jobs",
    words: /CreateModelInvocationJob on arn:aws:bedrock:us-east-1:\d+:inference-profile\/us\./,
    mend: "fix",
  },
  {
    name: "CreateModelInvocationJob is for the model, not jobs",
    bend: ({ user }) => ({ user: replace(user, "CreateJobsAndTryRows", { Resource: profile }) }),
    check: "caller-jobs",
    words: /CreateModelInvocationJob on .*model-invocation-job\/\*: no policy/,
    mend: "fix",
  },
  {
    name: "CreateModelInvocationJob is for another region",
    bend: ({ user }) => ({
      user: replace(user, "CreateJobsAndTryRows", {
        Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
      }),
    }),
    check: "caller-jobs",
    words: /CreateModelInvocationJob on .*no policy/,
    mend: "fix",
  },
  {
    name: "GetModelInvocationJob is missing",
    bend: ({ user }) => ({ user: takeAction(user, "bedrock:GetModelInvocationJob") }),
    check: "caller-jobs",
    words: /bedrock:GetModelInvocationJob on/,
    mend: "fix",
  },
  {
    name: "TagResource is missing",
    bend: ({ user }) => ({ user: takeAction(user, "bedrock:TagResource") }),
    check: "caller-jobs",
    words: /bedrock:TagResource on/,
    mend: "fix",
  },
  {
    name: "ListModelInvocationJobs is missing",
    bend: ({ user }) => ({ user: takeAction(user, "bedrock:ListModelInvocationJobs") }),
    check: "caller-jobs",
    words: /bedrock:ListModelInvocationJobs on \*/,
    mend: "fix",
  },
  {
    name: "StopModelInvocationJob is missing",
    bend: ({ user }) => ({ user: takeAction(user, "bedrock:StopModelInvocationJob") }),
    check: "caller-jobs",
    words: /bedrock:StopModelInvocationJob on/,
    mend: "fix",
  },
  {
    name: "Bedrock's jobs are denied",
    bend: ({ user }) => ({ user: [...user, deny("bedrock:Create*", "*", { Sid: "NoJobs" })] }),
    check: "caller-jobs",
    words: /CreateModelInvocationJob .*the statement NoJobs of the policy work denies it/,
    mend: back("user"),
  },
  {
    name: "the caller's boundary leaves Bedrock out",
    bend: () => ({ userBoundary: [allow(["iam:*", "s3:*", "servicequotas:*", "bedrock:Get*", "bedrock:List*"])] }),
    check: "caller-jobs",
    words: /CreateModelInvocationJob .*permissions boundary/,
    mend: "rebuild",
  },
  {
    name: "PutObject is missing",
    bend: ({ user }) => ({ user: takeAction(user, "s3:PutObject") }),
    check: "caller-files",
    words: /s3:PutObject on arn:aws:s3:::set-up-\d+\/halfprice\/\*: no policy/,
    mend: "fix",
  },
  {
    name: "GetObject is missing",
    bend: ({ user }) => ({ user: takeAction(user, "s3:GetObject") }),
    check: "caller-files",
    words: /s3:GetObject on/,
    mend: "fix",
  },
  {
    name: "the caller's files are below another prefix",
    bend: ({ user }, { bucket }) => ({
      user: replace(user, "MoveTheFiles", { Resource: `arn:aws:s3:::${bucket}/other/*` }),
    }),
    check: "caller-files",
    words: /s3:PutObject on arn:aws:s3:::set-up-\d+\/halfprice\/\*/,
    mend: "fix",
  },
  {
    name: "the caller writes with a key only",
    bend: ({ user }) => ({
      user: replace(user, "MoveTheFiles", {
        Condition: { StringEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
      }),
    }),
    check: "caller-files",
    words: /s3:PutObject on/,
    mend: "fix",
  },
  {
    name: "uploads are denied",
    bend: ({ user }) => ({ user: [...user, deny("s3:Put*", "*", { Sid: "ReadOnly" })] }),
    check: "caller-files",
    words: /s3:PutObject .*the statement ReadOnly of the policy work denies it/,
    mend: back("user"),
  },
  {
    name: "ListBucket is missing",
    bend: ({ user }) => ({ user: without(user, "LookIntoTheBucket") }),
    check: "bucket",
    words: /may not look into the bucket/,
    mend: back("user"),
  },
  // The role's trust: whom it admits.
  {
    name: "the trust policy names the account's root (as the article prints it)",
    bend: () => ({
      trust: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }],
    }),
    check: "role-trust",
    words:
      /admits arn:aws:iam::\d+:root, not bedrock\.amazonaws\.com: the account's root stands for its users and roles/,
    mend: "fix",
  },
  {
    name: "the trust policy names SageMaker only (the article's second tip)",
    bend: () => ({ trust: [trusting({ Principal: { Service: "sagemaker.amazonaws.com" } })] }),
    check: "role-trust",
    words: /admits sagemaker\.amazonaws\.com, not bedrock/,
    mend: "fix",
  },
  {
    name: "the trust wants another account's jobs",
    bend: () => ({ trust: [trusting({ Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } })] }),
    check: "role-trust",
    words: /aws:SourceAccount wants 999999999999/,
    mend: "fix",
  },
  {
    name: "the trust wants another region's jobs",
    bend: () => ({
      trust: [
        trusting({
          Condition: { ArnLike: { "aws:SourceArn": `arn:aws:bedrock:eu-west-1:${account}:model-invocation-job/*` } },
        }),
      ],
    }),
    check: "role-trust",
    words: /aws:SourceArn wants arn:aws:bedrock:eu-west-1/,
    mend: "fix",
  },
  {
    name: "the trust wants customization jobs",
    bend: () => ({
      trust: [
        trusting({
          Condition: {
            ArnEquals: { "aws:SourceArn": `arn:aws:bedrock:${region}:${account}:model-customization-job/*` },
          },
        }),
      ],
    }),
    check: "role-trust",
    words: /model-customization-job/,
    mend: "fix",
  },
  {
    name: "the trust compares an ARN with a wildcard as text",
    bend: () => ({ trust: [trusting({ Condition: { StringEquals: { "aws:SourceArn": jobs } } })] }),
    check: "role-trust",
    words: /StringEquals aws:SourceArn wants/,
    mend: "fix",
  },
  {
    name: "the trust wants an outside id",
    bend: () => ({ trust: [trusting({ Condition: { StringEquals: { "sts:ExternalId": "secret" } } })] }),
    check: "role-trust",
    words: /sts:ExternalId wants secret; Bedrock gives none/,
    mend: "fix",
  },
  {
    name: "the trust wants a member of an organisation",
    bend: () => ({ trust: [trusting({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })] }),
    check: "role-trust",
    words: /aws:PrincipalOrgID/,
    mend: "fix",
  },
  {
    name: "the trust is for web identities",
    bend: () => ({ trust: [trusting({ Action: "sts:AssumeRoleWithWebIdentity" })] }),
    check: "role-trust",
    words: /admits nobody/,
    mend: "fix",
  },
  {
    name: "the trust denies Bedrock",
    bend: ({ trust }) => ({ trust: [...trust, trusting({ Sid: "NotBedrock", Effect: "Deny" })] }),
    check: "role-trust",
    words: /the statement NotBedrock of its trust policy denies it/,
    mend: back("trust"),
  },
  {
    name: "there is no such role",
    bend: ({ told: all, user }) => ({
      told: { ...all, roleArn: `arn:aws:iam::${account}:role/nobody` },
      user: [...user, allow("iam:PassRole")],
    }),
    check: "role-trust",
    words: /There is no role .*role\/nobody/,
    mend: (built, sound) => ({ told: { ...sound.told, roleArn: built.roleArn } }),
  },
  {
    name: "the role is another account's",
    bend: ({ told: all, user }) => ({
      told: { ...all, roleArn: "arn:aws:iam::999999999999:role/batch" },
      user: [...user, allow("iam:PassRole")],
    }),
    check: "role-trust",
    words: /is not of this account \(123456789012\)/,
    mend: (built, sound) => ({ told: { ...sound.told, roleArn: built.roleArn } }),
  },
  {
    name: "the role's path is left out",
    bend: ({ user }) => ({ rolePath: "/service/", user: [...user, allow("iam:PassRole")] }),
    check: "role-trust",
    words: /the role of this name is arn:aws:iam::\d+:role\/service\/batch-\d+/,
    mend: (built, sound) => ({
      user: [...sound.user, allow("iam:PassRole")],
      told: { ...sound.told, roleArn: `arn:aws:iam::${account}:role/service/${built.roleName}` },
    }),
  },
  // The role's rights.
  {
    name: "the role may do nothing",
    bend: () => ({ role: [allow("ec2:DescribeVpcs")] }),
    check: "role-model role-files",
    words: /bedrock:InvokeModel on .*\n.*/,
    mend: "fix",
  },
  {
    name: "the role may not list",
    bend: ({ role }) => ({ role: without(role, "ListTheRuns") }),
    check: "role-files",
    words: /s3:ListBucket on arn:aws:s3:::set-up-\d+: no policy/,
    mend: "fix",
  },
  {
    name: "the role may not list, and the bucket's policy names the account's root, which grants nothing",
    bend: ({ role }, { bucket }) => ({
      role: without(role, "ListTheRuns"),
      bucketPolicy: [
        allow(["s3:ListBucket", "s3:GetObject"], [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], {
          Sid: "Account",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
        }),
      ],
    }),
    check: "role-files",
    words: /s3:ListBucket on arn:aws:s3:::set-up-\d+: no policy/,
    mend: "fix",
  },
  {
    name: "the role lists another bucket",
    bend: ({ role }) => ({ role: replace(role, "ListTheRuns", { Resource: "arn:aws:s3:::other" }) }),
    check: "role-files",
    words: /s3:ListBucket on arn:aws:s3:::set-up-\d+: no policy/,
    mend: "fix",
  },
  {
    name: "the role lists another prefix",
    bend: ({ role }) => ({
      role: replace(role, "ListTheRuns", { Condition: { StringLike: { "s3:prefix": "other/*" } } }),
    }),
    check: "role-files",
    words: /s3:ListBucket on/,
    mend: "fix",
  },
  {
    name: "the role may not read",
    bend: ({ role }) => ({ role: takeAction(role, "s3:GetObject") }),
    check: "role-files",
    words: /s3:GetObject on arn:aws:s3:::set-up-\d+\/halfprice\/\*: no policy/,
    mend: "fix",
  },
  {
    name: "the role may not write",
    bend: ({ role }) => ({ role: takeAction(role, "s3:PutObject") }),
    check: "role-files",
    words: /s3:PutObject on .*: no policy/,
    mend: "fix",
  },
  {
    name: "the role's files are below another prefix",
    bend: ({ role }, { bucket }) => ({
      role: replace(role, "ReadInputWriteOutput", { Resource: `arn:aws:s3:::${bucket}/in/*` }),
    }),
    check: "role-files",
    words: /s3:GetObject on .*\n {2}s3:PutObject on/,
    mend: "fix",
  },
  {
    name: "the role's files are another account's",
    bend: ({ role }) => ({
      role: replace(role, "ReadInputWriteOutput", {
        Condition: { StringEquals: { "aws:ResourceAccount": "999999999999" } },
      }),
    }),
    check: "role-files",
    words: /s3:GetObject on/,
    mend: "fix",
  },
  {
    name: "the role's files are denied",
    bend: ({ role }) => ({ role: [...role, deny("s3:*", "*", { Sid: "NoFiles" })] }),
    check: "role-files",
    words: /s3:GetObject .*the statement NoFiles of the policy work denies it/,
    mend: back("role"),
  },
  {
    name: "the role's files outside a prefix are denied",
    bend: ({ role }, { bucket }) => ({
      role: [
        ...role,
        { Sid: "OnlyIn", Effect: "Deny", Action: "s3:PutObject", NotResource: `arn:aws:s3:::${bucket}/in/*` },
      ],
    }),
    check: "role-files",
    words: /s3:PutObject .*the statement OnlyIn/,
    mend: back("role"),
  },
  {
    name: "the role's boundary leaves S3 out",
    bend: () => ({ roleBoundary: [allow("bedrock:*")] }),
    check: "role-files",
    words: /s3:ListBucket on .*permissions boundary/,
    mend: "rebuild",
  },
  {
    name: "the role may not invoke",
    bend: ({ role }) => ({ role: without(role, "InvokeTheModel") }),
    check: "role-model",
    words: /bedrock:InvokeModel on arn:aws:bedrock:us-east-1:\d+:inference-profile\/us\./,
    mend: "fix",
  },
  {
    name: "the role may invoke the profile only",
    bend: ({ role }) => ({ role: replace(role, "InvokeTheModel", { Resource: profile }) }),
    check: "role-model",
    words: /InvokeModel on arn:aws:bedrock:us-west-2::foundation-model/,
    mend: "fix",
  },
  {
    name: "the role may invoke the models only",
    bend: ({ role }) => ({
      role: replace(role, "InvokeTheModel", { Resource: `arn:aws:bedrock:*::foundation-model/${haiku}` }),
    }),
    check: "role-model",
    words: /InvokeModel on .*inference-profile\/us\./,
    mend: "fix",
  },
  {
    name: "the role may invoke in one region only",
    bend: ({ role }) => ({
      role: replace(role, "InvokeTheModel", {
        Resource: [profile, `arn:aws:bedrock:${region}::foundation-model/${haiku}`],
      }),
    }),
    check: "role-model",
    words: /InvokeModel on arn:aws:bedrock:us-east-2::foundation-model/,
    mend: "fix",
  },
  {
    name: "the role may invoke from one region only, by condition",
    bend: ({ role }) => ({
      role: replace(role, "InvokeTheModel", { Condition: { StringEquals: { "aws:RequestedRegion": region } } }),
    }),
    check: "role-model",
    words: /InvokeModel on arn:aws:bedrock:us-west-2::foundation-model/,
    mend: "fix",
  },
  {
    name: "the role's policy has a wrong id",
    bend: ({ role }) => ({
      role: replace(role, "InvokeTheModel", {
        Resource: [
          "arn:aws:bedrock:*::foundation-model/anthropic.claude-4-5-haiku-*",
          `arn:aws:bedrock:*:${account}:inference-profile/us.anthropic.claude-4-5-haiku-*`,
        ],
      }),
    }),
    check: "role-model",
    words: /InvokeModel on/,
    mend: "fix",
  },
  {
    name: "the role may not invoke in one region",
    bend: ({ role }) => ({ role: [...role, deny("bedrock:*", `arn:aws:bedrock:us-west-2::*`, { Sid: "NotOregon" })] }),
    check: "role-model",
    words: /us-west-2::foundation-model\/.*the statement NotOregon of the policy work denies it/,
    mend: back("role"),
  },
  {
    name: "the role's boundary leaves Bedrock out",
    bend: () => ({ roleBoundary: [allow("s3:*")] }),
    check: "role-model",
    words: /InvokeModel .*permissions boundary/,
    mend: "rebuild",
  },
  {
    name: "the role's managed policy is for another bucket and model",
    bend: () => ({
      role: [],
      roleManaged: [
        allow(["s3:ListBucket", "s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]),
        allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0"),
      ],
    }),
    check: "role-model role-files",
    words: /InvokeModel on/,
    mend: "fix",
  },
  // The bucket.
  {
    name: "there is no such bucket",
    bend: ({ told: all }) => ({ told: { ...all, bucket: "not-there-at-all" } }),
    check: "bucket",
    words: /There is no bucket not-there-at-all/,
    mend: (built, sound) => ({ told: { ...sound.told, bucket: built.bucket } }),
  },
  {
    name: "the bucket's policy denies the role",
    bend: (_sound, { bucket, roleArn }) => ({
      bucketPolicy: [deny("s3:PutObject", `arn:aws:s3:::${bucket}/*`, { Sid: "NoRole", Principal: { AWS: roleArn } })],
    }),
    check: "bucket-policy",
    words: /the statement NoRole denies s3:PutObject to the service role/,
    mend: back("bucketPolicy"),
  },
  {
    name: "the bucket's policy denies the caller",
    bend: (_sound, { bucket, userName }) => ({
      bucketPolicy: [
        deny("s3:PutObject", `arn:aws:s3:::${bucket}/*`, {
          Sid: "NoCaller",
          Principal: { AWS: `arn:aws:iam::${account}:user/${userName}` },
        }),
      ],
    }),
    check: "bucket-policy",
    words: /the statement NoCaller denies s3:PutObject to the caller/,
    mend: back("bucketPolicy"),
  },
  {
    name: "the bucket's policy admits one role only",
    bend: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:GetObject", `arn:aws:s3:::${bucket}/*`, {
          Sid: "OnlyOps",
          Principal: "*",
          Condition: {
            ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::${account}:role/ops`, `arn:aws:iam::${account}:user/*`] },
          },
        }),
      ],
    }),
    check: "bucket-policy",
    words: /the statement OnlyOps denies s3:GetObject to the service role/,
    mend: back("bucketPolicy"),
  },
  {
    name: "the bucket's policy wants a key's header",
    bend: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:PutObject", `arn:aws:s3:::${bucket}/*`, {
          Sid: "WantKms",
          Principal: "*",
          Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
        }),
      ],
    }),
    check: "bucket-policy",
    words: /the statement WantKms denies s3:PutObject/,
    mend: back("bucketPolicy"),
  },
  {
    name: "the bucket's policy wants any header of encryption",
    bend: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:PutObject", `arn:aws:s3:::${bucket}/*`, {
          Sid: "WantHeader",
          Principal: "*",
          Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } },
        }),
      ],
    }),
    check: "bucket-policy",
    words: /WantHeader denies s3:PutObject/,
    mend: back("bucketPolicy"),
  },
  {
    name: "the bucket's policy closes a prefix",
    bend: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:GetObject", `arn:aws:s3:::${bucket}/halfprice/*`, { Sid: "Closed", Principal: { AWS: account } }),
      ],
    }),
    check: "bucket-policy",
    words: /the statement Closed denies s3:GetObject/,
    mend: back("bucketPolicy"),
  },
  // The model and the region.
  {
    name: "the model has no such name",
    bend: ({ told: all }) => ({ told: { ...all, model: "claude-haiku-4.6" } }),
    check: "model-name",
    words: /There is no model alias claude-haiku-4\.6/,
    mend: told({ model: "claude-haiku-4.5" }),
  },
  {
    name: "the model's id is one that the region does not know",
    bend: ({ told: all, user }) => ({
      told: { ...all, model: "anthropic.claude-haiku-9-20301001-v1:0" },
      user: [...user, everything],
      role: [everything],
    }),
    check: "model",
    words: /us-east-1 does not know anthropic\.claude-haiku-9/,
    mend: told({ model: "claude-haiku-4.5" }),
  },
];

/** Puts a broken set-up's description together. */
export function bendNext(world: World, { bend }: BrokenSetUp): { readonly sound: SetUp; readonly broken: SetUp } {
  const sound = makeSound(world);
  return { sound, broken: { ...sound, ...bend(sound, nameNext(world)) } };
}
