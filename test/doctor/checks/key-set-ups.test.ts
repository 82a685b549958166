/** Set-ups with a KMS key, sound ones and ones that are broken in one thing: named alone, and fixed by what is said. */
import { PutBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, deny, type Statement } from "../../local/iam/enforced.ts";
import { credentials } from "../../local/served.ts";
import { callKms, type KmsOperation, makeKmsKey } from "../../support/kms-client.ts";
import {
  account,
  type Built,
  build,
  failures,
  fix,
  look,
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
const arnOf = ({ userName }: Names): string => `arn:aws:iam::${account}:user/${userName}`;
const use = ["kms:Decrypt", "kms:GenerateDataKey"];
const principal = (arn: string): Statement => ({ Principal: { AWS: arn } });
const root = principal(`arn:aws:iam::${account}:root`);
/** A key has to leave its administrator the right to change it; and the caller may look. */
const base = (names: Names): readonly Statement[] => [
  allow("kms:*", "*", { Sid: "Administrator", ...principal(`arn:aws:iam::${account}:user/local`) }),
  allow(["kms:DescribeKey", "kms:GetKeyPolicy"], "*", { Sid: "Look", ...principal(arnOf(names)) }),
];
const leftToIam = (names: Names): readonly Statement[] => [
  ...base(names),
  allow("kms:*", "*", { Sid: "Iam", ...root }),
];
const byName = (names: Names): readonly Statement[] => [
  ...base(names),
  allow(use, "*", { Sid: "Role", ...principal(names.roleArn) }),
  allow(use, "*", { Sid: "Caller", ...principal(arnOf(names)) }),
];
const closed = base;
const everyKey = allow(use, "*");
const withRights = (sound: SetUp): SetUp => ({
  ...sound,
  user: [...sound.user, everyKey],
  role: [...sound.role, everyKey],
});

const kms = (operation: KmsOperation, input: object, where = region) =>
  callKms({ url: world.service.local.url, region: where }, credentials, operation, input);
const makeKey = (statements: readonly Statement[], where = region) =>
  makeKmsKey({ url: world.service.local.url, region: where }, credentials, {
    Version: "2012-10-17",
    Id: "key-of-the-test",
    Statement: statements,
  });
async function encrypt({ bucket }: Pick<Built, "bucket">, key: string): Promise<void> {
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key } };
  await world.service.admin.s3.send(
    new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
  );
}
const readPolicy = async (key: string) =>
  JSON.parse(String((await kms("GetKeyPolicy", { KeyId: key }))["Policy"])) as {
    Id: string;
    Statement: readonly Statement[];
  };

interface KeySetUp {
  readonly name: string;
  readonly policy: (names: Names) => readonly Statement[];
  readonly shape?: (sound: SetUp) => SetUp;
  /** What is done to the key, or to which one the bucket names. @returns the name that the bucket gets */
  readonly bend?: (key: string, names: Names) => Promise<string>;
}

const soundKeys: readonly KeySetUp[] = [
  { name: "whose policy leaves it to IAM, which allows it", policy: leftToIam, shape: withRights },
  { name: "whose policy names caller and role, which have no policy for it", policy: byName },
  {
    name: "whose policy names the role, and leaves the caller to IAM",
    policy: (names) => [...leftToIam(names), allow(use, "*", { Sid: "Role", ...principal(names.roleArn) })],
    shape: (sound) => ({ ...sound, user: [...sound.user, everyKey] }),
  },
  {
    name: "whose policy admits the account through S3 only",
    policy: (names) => [
      ...base(names),
      allow(use, "*", {
        Sid: "ThroughS3",
        Principal: { AWS: "*" },
        Condition: {
          StringEquals: { "kms:CallerAccount": account, "kms:ViaService": `s3.${region}.amazonaws.com` },
        },
      }),
    ],
  },
  {
    name: "whose policy denies others",
    policy: (names) => [
      ...leftToIam(names),
      deny("kms:*", "*", {
        Sid: "Ours",
        Principal: "*",
        Condition: { StringNotEquals: { "aws:PrincipalAccount": account } },
      }),
    ],
    shape: withRights,
  },
  {
    name: "that the bucket names by an alias",
    policy: leftToIam,
    shape: withRights,
    bend: async (key, { index }) => {
      await kms("CreateAlias", { AliasName: `alias/files-${index}`, TargetKeyId: key });
      return `alias/files-${index}`;
    },
  },
];

async function buildWith({ policy, shape = (sound) => sound, bend }: KeySetUp): Promise<{ built: Built; key: string }> {
  const names = nameNext(world);
  const built = await build(world, shape(makeSound(world)));
  const key = await makeKey(policy(names));
  await encrypt(built, (await bend?.(key, names)) ?? key);
  return { built, key };
}

describe("a sound key is let pass:", () => {
  it.each(soundKeys.map((each) => [each.name, each] as const))("one %s", async (_name, each) => {
    const { built, key } = await buildWith(each);
    expect(await tryJob(built)).toBe("Completed");
    const { results, ...rest } = await look(built);
    expect(failures({ results, ...rest }).map(({ finding }) => finding)).toEqual([]);
    const found = new Map(results.map((result) => [result.check, result]));
    expect(found.get("key")).toMatchObject({ status: "pass" });
    expect(found.get("key")?.finding).toContain(key);
    for (const check of ["key-policy", "caller-key", "role-key"])
      expect([check, found.get(check)?.status]).toEqual([check, "pass"]);
  });

  it("one that the caller may not look at is skipped, and said so", async () => {
    const { built, key } = await buildWith({
      name: "",
      policy: (names) => byName(names).filter(({ Sid }) => Sid !== "Look"),
    });
    expect(await tryJob(built)).toBe("Completed");
    const found = await look(built);
    const { results } = found;
    expect(failures(found)).toEqual([]);
    for (const check of ["caller-key", "role-key"])
      expect(results.find((each) => each.check === check)).toMatchObject({
        status: "warn",
        finding: expect.stringContaining("the key's own policy has to"),
      });
    const skipped = results.filter(({ check, status }) => status === "skipped" && check.startsWith("key"));
    expect(skipped.map(({ check }) => check)).toEqual(["key", "key-policy"]);
    expect(skipped[1]?.finding).toContain(`no kms:GetKeyPolicy on ${key}`);
  });
});

interface BrokenKey extends KeySetUp {
  readonly check: string;
  readonly words: RegExp;
  readonly cure: RegExp;
  /** What the fix says, done; without it, `--fix` does it. */
  readonly mend?: (built: Built, key: string) => Promise<unknown>;
}

const noStatement = /: no statement names it, and none leaves it to IAM through arn:aws:iam::123456789012:root/;
const dropStatement = (sid: string) => async (_built: Built, key: string) => {
  const policy = await readPolicy(key);
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
  await kms("PutKeyPolicy", { KeyId: key, Policy: JSON.stringify({ ...policy, Statement }) });
};

const brokenKeys: readonly BrokenKey[] = [
  {
    name: "the key's policy has neither the root nor caller and role",
    policy: closed,
    shape: withRights,
    check: "key-policy",
    words: noStatement,
    cure: /statements below.*--fix does it.*aws kms put-key-policy --key-id arn:aws:kms:us-east-1:123456789012:key\//,
  },
  {
    name: "the key's policy names the caller, and not the role",
    policy: (names) => byName(names).filter(({ Sid }) => Sid !== "Role"),
    shape: withRights,
    check: "key-policy",
    words: /kms:Decrypt for the service role .*batch-\d+: no statement names it/,
    cure: /the statement below/,
  },
  {
    name: "the key's policy names the role, and not the caller",
    policy: (names) => byName(names).filter(({ Sid }) => Sid !== "Caller"),
    shape: withRights,
    check: "key-policy",
    words: /kms:GenerateDataKey for the caller .*caller-\d+: no statement names it/,
    cure: /the statement below/,
  },
  {
    name: "the key's policy lets the role decrypt, and not encrypt",
    policy: (names) =>
      byName(names).map((each) => (each["Sid"] === "Role" ? { ...each, Action: "kms:Decrypt" } : each)),
    shape: withRights,
    check: "key-policy",
    words: /kms:GenerateDataKey for the service role [^;]*: no statement names it/,
    cure: /the statement below/,
  },
  {
    name: "the key's policy leaves it to IAM for another service only",
    policy: (names) => [
      ...base(names),
      allow("kms:*", "*", {
        Sid: "Volumes",
        ...root,
        Condition: { StringEquals: { "kms:ViaService": "ec2.us-east-1.amazonaws.com" } },
      }),
    ],
    shape: withRights,
    check: "key-policy",
    words: /condition StringEquals kms:ViaService of the statement Volumes wants ec2\.us-east-1\.amazonaws\.com/,
    cure: /statements below/,
  },
  {
    name: "the key's policy denies the role",
    policy: (names) => [...leftToIam(names), deny("kms:Decrypt", "*", { Sid: "NotYou", ...principal(names.roleArn) })],
    shape: withRights,
    check: "key-policy",
    words: /the statement NotYou denies kms:Decrypt to the service role/,
    cure: /take the principal or the action out of the statement NotYou/,
    mend: dropStatement("NotYou"),
  },
  {
    name: "the key's policy denies what comes through S3",
    policy: (names) => [
      ...byName(names),
      deny("kms:GenerateDataKey*", "*", {
        Sid: "NoFiles",
        Principal: "*",
        Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
      }),
    ],
    check: "key-policy",
    words: /the statement NoFiles denies kms:GenerateDataKey to the caller/,
    cure: /out of the statement NoFiles/,
    mend: dropStatement("NoFiles"),
  },
  {
    name: "the key is disabled",
    policy: leftToIam,
    shape: withRights,
    bend: async (key) => {
      await kms("DisableKey", { KeyId: key });
      return key;
    },
    check: "key",
    words: /it is disabled/,
    cure: /^aws kms enable-key --key-id arn:aws:kms:us-east-1:123456789012:key\/\S+ --region us-east-1/,
    mend: (_built, key) => kms("EnableKey", { KeyId: key }),
  },
  {
    name: "the key is to be deleted",
    policy: leftToIam,
    shape: withRights,
    bend: async (key) => {
      await kms("ScheduleKeyDeletion", { KeyId: key, PendingWindowInDays: 7 });
      return key;
    },
    check: "key",
    words: /it is to be deleted on \d{4}-\d\d-\d\d/,
    cure: /aws kms cancel-key-deletion .* && aws kms enable-key/,
    mend: async (_built, key) => {
      await kms("CancelKeyDeletion", { KeyId: key });
      await kms("EnableKey", { KeyId: key });
    },
  },
  {
    name: "the key is another region's",
    policy: leftToIam,
    shape: withRights,
    bend: (_key, names) => makeKey(leftToIam(names), "eu-west-1"),
    check: "key",
    words: /it is in eu-west-1, and the job runs in us-east-1/,
    cure: /aws s3api put-bucket-encryption --bucket set-up-\d+/,
    mend: (built, key) => encrypt(built, key),
  },
  {
    name: "the role's own policy does not let it use the key, which is left to IAM",
    policy: leftToIam,
    shape: (sound) => ({ ...sound, user: [...sound.user, everyKey] }),
    check: "role-key",
    words: /kms:GenerateDataKey on arn:aws:kms:\S+: no policy allows it/,
    cure: /halfprice doctor --fix/,
  },
  {
    name: "the caller's own policy denies the key, whose policy names it",
    policy: byName,
    shape: (sound) => ({ ...sound, user: [...sound.user, deny("kms:Decrypt", "*", { Sid: "NoKeys" })] }),
    check: "caller-key",
    words: /kms:Decrypt on \S+: the statement NoKeys of the policy work denies it/,
    cure: /take kms:Decrypt out of the statement NoKeys/,
    mend: async () => undefined,
  },
];

describe("of a key that is broken in one thing, doctor names that thing alone, and its fix makes the job complete:", () => {
  it.each(brokenKeys.map((each) => [each.name, each] as const))("%s", async (_name, each) => {
    const { built, key } = await buildWith(each);
    expect(await tryJob(built)).not.toBe("Completed");
    const found = await look(built);
    const failed = failures(found);
    expect(failed.map(({ check }) => check)).toEqual([each.check]);
    expect(failed[0]?.finding).toMatch(each.words);
    expect(failed[0]?.fix).toMatch(each.cure);
    if (each.check === "caller-key") return;
    const before = await readPolicy(key);
    if (each.mend === undefined) expect(await fix(built, found)).toBe(1);
    else await each.mend(built, key);
    expect(failures(await look(built))).toEqual([]);
    expect(await tryJob(built)).toBe("Completed");
    // What stood in the key's policy stays there.
    if (each.mend === undefined && each.check === "key-policy") {
      const after = await readPolicy(key);
      expect(after.Id).toBe(before.Id);
      expect(after.Statement.slice(0, before.Statement.length)).toEqual(before.Statement);
    }
  });
});
