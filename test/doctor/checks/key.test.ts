/** What a key's description and its policy come to, where the local service has no such keys. */
import { describe, expect, it } from "vitest";
import type { KeyFacts } from "../../../src/aws/kms.ts";
import { checkKey } from "../../../src/doctor/checks/key.ts";
import { checkKeyPolicy } from "../../../src/doctor/checks/key-policy.ts";

const accountId = "123456789012";
const arn = `arn:aws:kms:us-east-1:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const sound: KeyFacts = { arn, accountId, state: "Enabled", isForFiles: true, isAwsManaged: false };
const check = (answer: KeyFacts | "none" | "denied", kmsKey: string | undefined = arn, isLocal = false) =>
  checkKey({
    ...{ kmsKey, encryption: "none", bucket: "mine", region: "us-east-1", accountId, isLocal },
    keys: { readKey: () => Promise.resolve(answer) },
  });

describe("a key", () => {
  it("that is not there is refused, and on the local service, which may let any name pass, warned of", async () => {
    expect((await check("none")).result).toMatchObject({ status: "fail", error: { code: "KEY_UNUSABLE" } });
    expect((await check("none", arn, true)).result.status).toBe("warn");
  });

  it.each([
    [{ state: "PendingImport" }, /its state is PendingImport/],
    [{ isForFiles: false }, /not a symmetric key/],
    [{ state: "PendingDeletion" }, /it is to be deleted, /],
  ])("with %j is refused", async (more, words) => {
    const { result } = await check({ ...sound, ...more });
    expect(result.status).toBe("fail");
    expect(result.finding).toMatch(words);
    expect(result.fix).not.toBe("");
  });

  it("that AWS manages needs no right", async () => {
    const { result, used } = await check({ ...sound, isAwsManaged: true });
    expect([result.status, used]).toEqual(["pass", undefined]);
  });

  it("that may not be looked at is known by its id, and not by an alias", async () => {
    const id = arn.slice(arn.indexOf("/") + 1);
    expect((await check("denied", id)).used?.arn).toBe(arn);
    const byAlias = await check("denied", "alias/files");
    expect([byAlias.result.status, byAlias.used]).toEqual(["skipped", undefined]);
  });

  it("of another account says whose it is; its policy is not looked at, and what it needs is printed", async () => {
    const other = arn.replace(accountId, "999999999999");
    const { result, used } = await check({ ...sound, arn: other, accountId: "999999999999" }, other);
    expect(result.finding).toContain("account 999999999999's");
    const scope = { accountId, region: "us-east-1", roleArn: "arn:aws:iam::123456789012:role/r" };
    const caller = "arn:aws:iam::123456789012:user/ann";
    if (used === undefined) throw new Error("no key");
    const view = checkKeyPolicy("{}", used, { ...scope, callerArn: caller, callerSource: caller });
    expect(view.result).toMatchObject({ status: "skipped", paste: { statements: [{}, {}] } });
  });
});

describe("a key's policy", () => {
  const root = `arn:aws:iam::${accountId}:root`;
  const scope = {
    accountId,
    region: "us-east-1",
    roleArn: `arn:aws:iam::${accountId}:role/r`,
    callerArn: `arn:aws:sts::${accountId}:assumed-role/people/ann`,
    callerSource: `arn:aws:iam::${accountId}:role/people`,
  };
  const left = { Sid: "Iam", Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" };
  const judge = (...Statement: object[]) =>
    checkKeyPolicy(JSON.stringify({ Statement }), { arn, accountId, whose: "the run's key" }, scope).result;

  it("that depends on what is not known is warned of, not refused", () => {
    const context = { StringLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::mine/*" } };
    const found = judge({ ...left, Condition: context });
    expect(found.status).toBe("warn");
    expect(found.finding).toMatch(/may allow .*it depends on kms:EncryptionContext:aws:s3:arn/);
    const denied = judge(left, { ...left, Sid: "No", Effect: "Deny", Condition: context });
    expect(denied.finding).toMatch(/the statement No may deny/);
  });

  it("names a session's caller by the session or by its role", () => {
    const role = { ...left, Principal: { AWS: scope.roleArn } };
    for (const AWS of [scope.callerArn, scope.callerSource])
      expect(judge(role, { ...left, Principal: { AWS } }).finding).toMatch(/lets caller and role use the key by name/);
  });

  it("without a statement for the role gets the role's, and no more", () => {
    const found = judge({ ...left, Principal: { AWS: scope.callerSource } });
    expect(found.paste?.statements).toMatchObject([{ Sid: "HalfpriceJobs", Principal: { AWS: scope.roleArn } }]);
    expect(found.repair?.kind).toBe("key-policy");
  });

  it("that denies the account denies both, whatever it allows besides", () => {
    const found = judge({ ...left, Effect: "Deny", Sid: "Nobody" }, left);
    expect(found.error?.code).toBe("KEY_POLICY");
    expect(found.finding.match(/the statement Nobody denies/g)).toHaveLength(4);
    expect(found.repair).toBeUndefined();
  });
});
