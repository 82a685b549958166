/** Set-ups that are sound in ways of their own: doctor has nothing against them, and their jobs complete. */
import {
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, deny, type Statement } from "../../local/iam/enforced.ts";
import {
  account,
  type Built,
  build,
  failures,
  look,
  looking,
  makeSound,
  nameNext,
  openWorld,
  region,
  type SetUp,
  tryJob,
  type World,
} from "./set-ups.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.service.close());

type Names = ReturnType<typeof nameNext>;
interface SoundSetUp {
  readonly name: string;
  readonly shape?: (sound: SetUp, names: Names) => Partial<SetUp>;
  readonly told?: Partial<SetUp["told"]>;
  /** What is done to the account beside it. */
  readonly prepare?: (built: Built) => Promise<unknown>;
}

const bedrock = { Service: "bedrock.amazonaws.com" };
const trusting = (more: Statement): Statement => ({
  Effect: "Allow",
  Principal: bedrock,
  Action: "sts:AssumeRole",
  ...more,
});
const jobs = `arn:aws:bedrock:${region}:${account}:model-invocation-job/*`;
const admin = (built: Built) => built.world.service.admin;

const soundSetUps: readonly SoundSetUp[] = [
  { name: "the policies as setup writes them" },
  {
    name: "managed policies instead of inline ones",
    shape: ({ user, role }) => ({ user: [], role: [], userManaged: user, roleManaged: role }),
  },
  { name: "a role that may do everything", shape: () => ({ role: [allow("*")] }) },
  { name: "a caller who may do everything", shape: () => ({ user: [allow("*")] }) },
  {
    name: "wildcards in actions and resources",
    shape: (_sound, { bucket }) => ({
      role: [
        allow(["s3:Get*", "s3:List*", "s3:Put*"], [`arn:aws:s3:::${bucket}*`]),
        allow("bedrock:Invoke*", "arn:aws:bedrock:*"),
      ],
    }),
  },
  {
    name: "actions in other letters",
    shape: (_sound, { bucket }) => ({
      role: [
        allow(
          ["S3:getobject", "s3:PUTOBJECT", "s3:listBucket"],
          [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        ),
        allow("Bedrock:invokemodel"),
      ],
    }),
  },
  { name: "another prefix", told: { prefix: "teams/quality/batch/" } },
  { name: "no prefix at all", told: { prefix: "" } },
  { name: "a trust policy without conditions", shape: () => ({ trust: [trusting({})] }) },
  {
    name: "a trust policy with several services",
    shape: () => ({
      trust: [trusting({ Principal: { Service: ["sagemaker.amazonaws.com", "bedrock.amazonaws.com"] } })],
    }),
  },
  {
    name: "a trust policy with wildcards in its ARN",
    shape: () => ({
      trust: [
        trusting({
          Condition: {
            ArnLike: { "aws:SourceArn": `arn:aws:bedrock:*:${account}:*` },
            StringLike: { "aws:SourceAccount": [account, "1*"] },
          },
        }),
      ],
    }),
  },
  {
    name: "a trust policy with IfExists and several values",
    shape: () => ({
      trust: [
        trusting({
          Condition: {
            StringEqualsIfExists: { "aws:SourceAccount": ["999999999999", account] },
            ArnLikeIfExists: { "aws:SourceArn": jobs },
          },
        }),
      ],
    }),
  },
  {
    name: "a trust policy that admits people too",
    shape: ({ trust }) => ({
      trust: [
        ...trust,
        {
          Sid: "People",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: "sts:AssumeRole",
        },
      ],
    }),
  },
  {
    name: "a trust policy that denies others",
    shape: ({ trust }) => ({
      trust: [
        ...trust,
        { Sid: "NotGlue", Effect: "Deny", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  },
  {
    name: "a bucket that takes TLS only",
    shape: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:*", [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], {
          Sid: "Tls",
          Principal: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ],
    }),
  },
  {
    name: "a bucket whose policy gives the role its files",
    shape: ({ role }, { bucket, roleArn }) => ({
      role: role.filter((each) => each["Sid"] === "InvokeTheModel"),
      bucketPolicy: [
        allow(
          ["s3:ListBucket", "s3:GetObject", "s3:PutObject"],
          [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          { Sid: "ForTheRole", Principal: { AWS: roleArn } },
        ),
      ],
    }),
  },
  {
    name: "a bucket whose policy denies other accounts",
    shape: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:*", `arn:aws:s3:::${bucket}/*`, {
          Sid: "Ours",
          Principal: "*",
          Condition: { StringNotEquals: { "aws:PrincipalAccount": account } },
        }),
      ],
    }),
  },
  {
    name: "a bucket whose policy denies a wrong key",
    shape: (_sound, { bucket }) => ({
      bucketPolicy: [
        deny("s3:PutObject", `arn:aws:s3:::${bucket}/*`, {
          Sid: "RightKey",
          Principal: "*",
          Condition: {
            StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
            Null: { "s3:x-amz-server-side-encryption": "false" },
          },
        }),
      ],
    }),
  },
  {
    name: "a bucket that is encrypted with AWS's own key",
    prepare: (built) =>
      admin(built).s3.send(
        new PutBucketEncryptionCommand({
          Bucket: built.bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }],
          },
        }),
      ),
  },
  {
    name: "a bucket with a lifecycle and every block",
    prepare: async (built) => {
      const { s3 } = admin(built);
      const Bucket = built.bucket;
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [{ ID: "old", Status: "Enabled", Filter: { Prefix: "halfprice/" }, Expiration: { Days: 30 } }],
          },
        }),
      );
      await s3.send(
        new PutPublicAccessBlockCommand({
          Bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        }),
      );
    },
  },
  {
    name: "boundaries that allow what is needed",
    shape: () => ({ userBoundary: [allow("*")], roleBoundary: [allow(["s3:*", "bedrock:*"])] }),
  },
  {
    name: "denies of other things",
    shape: ({ user, role }) => ({
      user: [
        ...user,
        deny(["iam:Create*", "iam:Put*", "s3:DeleteBucket"]),
        { Effect: "Deny", NotAction: ["iam:*", "s3:*", "bedrock:*", "servicequotas:*"], Resource: "*" },
      ],
      role: [
        ...role,
        deny("s3:*", "arn:aws:s3:::payroll/*"),
        deny("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ],
    }),
  },
  { name: "the global profile", told: { model: "global.anthropic.claude-haiku-4-5-20251001-v1:0" } },
];

describe("a sound set-up is let pass:", () => {
  it("there are at least twenty", () => {
    expect(soundSetUps.length).toBeGreaterThanOrEqual(20);
  });

  it.each(soundSetUps.map((each) => [each.name, each] as const))("%s", async (_name, { shape, told, prepare }) => {
    const sound = makeSound(world, told);
    const built = await build(world, { ...sound, ...shape?.(sound, nameNext(world)) });
    await prepare?.(built);
    expect(await tryJob(built)).toBe("Completed");
    const found = await look(built);
    expect(failures(found).map(({ finding }) => finding)).toEqual([]);
  });

  it("a role with a path, told with it", async () => {
    const names = nameNext(world);
    const roleArn = `arn:aws:iam::${account}:role/batch/jobs/${names.roleName}`;
    const built = await build(world, { ...makeSound(world, { roleArn }), rolePath: "/batch/jobs/" });
    expect(await tryJob(built)).toBe("Completed");
    expect(failures(await look(built))).toEqual([]);
  });

  it("a caller who is a session of a role", async () => {
    const sound = makeSound(world);
    const { user } = sound;
    const built = await build(world, sound);
    const { admin: all } = world.service;
    const name = `person-${built.index}`;
    const arn = await world.service.makeRole(
      name,
      { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
      ...user,
    );
    const { Credentials: temporary } = await all.sts.send(
      new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "ana" }),
    );
    const keys = {
      accessKeyId: temporary?.AccessKeyId ?? "",
      secretAccessKey: temporary?.SecretAccessKey ?? "",
      sessionToken: temporary?.SessionToken ?? "",
    };
    const session = { ...built, keys };
    expect(await tryJob(session)).toBe("Completed");
    const found = await look(session);
    expect(failures(found)).toEqual([]);
    expect(found.identity?.arn).toContain(`assumed-role/${name}/ana`);
  });

  it("a caller with exactly what setup grants, who may not look: what is not seen is skipped and said so", async () => {
    const sound = makeSound(world);
    const built = await build(world, { ...sound, user: sound.user.filter((each) => each !== looking) });
    expect(await tryJob(built)).toBe("Completed");
    const found = await look(built);
    expect(failures(found)).toEqual([]);
    const skipped = found.results.filter(({ status }) => status === "skipped");
    expect(skipped.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["pass-role", "caller-jobs", "role-files"]),
    );
    for (const { finding } of skipped) expect(finding).toMatch(/this caller|not simulated/);
  });
});

describe("PassRole by a wildcard (the article's third tip)", () => {
  it.each(["*", `arn:aws:iam::${account}:role/*`])(
    "is warned of where it is %s, with the statement that names the role",
    async (wide) => {
      const sound = makeSound(world);
      const user = sound.user.map((each) =>
        each["Sid"] === "HandTheRoleToBedrock" ? { ...each, Resource: wide } : each,
      );
      const built = await build(world, { ...sound, user });
      const found = await look(built);
      expect(failures(found)).toEqual([]);
      const warned = found.results.find(({ check }) => check === "pass-role");
      expect(warned).toMatchObject({ status: "warn", isLikely: true });
      expect(warned?.finding).toContain(`by the wildcard ${wide} in the policy work`);
      expect(warned?.paste?.statements[0]).toMatchObject({ Action: "iam:PassRole", Resource: built.roleArn });
    },
  );

  it("is passed where the inline policy names the role, as the article prints it", async () => {
    const sound = makeSound(world);
    const { roleArn } = nameNext(world);
    const printed = { Effect: "Allow", Action: "iam:PassRole", Resource: roleArn };
    const user = [...sound.user.filter((each) => each["Sid"] !== "HandTheRoleToBedrock"), printed];
    const built = await build(world, { ...sound, user });
    expect((await look(built)).results.find(({ check }) => check === "pass-role")?.status).toBe("pass");
    expect(await tryJob(built)).toBe("Completed");
  });
});
