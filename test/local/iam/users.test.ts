import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, type Served, serve } from "../served.ts";

const account = "123456789012";
const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
let served: Served;
let iam: IAMClient;
beforeAll(async () => {
  served = await serve();
  iam = new IAMClient({ endpoint: served.local.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  iam.destroy();
  await served.close();
});
const make = (UserName: string) => iam.send(new CreateUserCommand({ UserName }));
const makeKey = async (UserName: string) => {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
};
const whoIs = async (key: { accessKeyId: string; secretAccessKey: string }): Promise<string | undefined> => {
  const sts = new STSClient({ endpoint: served.local.url, region: "us-east-1", credentials: key, maxAttempts: 1 });
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  } finally {
    sts.destroy();
  }
};

describe("a user", () => {
  it("is made, read, listed and deleted", async () => {
    const { User } = await iam.send(
      new CreateUserCommand({ UserName: "Jane", Path: "/people/", Tags: [{ Key: "team", Value: "a" }] }),
    );
    expect(User).toMatchObject({ UserName: "Jane", Path: "/people/", Arn: `arn:aws:iam::${account}:user/people/Jane` });
    expect(User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect((await iam.send(new GetUserCommand({ UserName: "Jane" }))).User?.Tags).toEqual([
      { Key: "team", Value: "a" },
    ]);
    const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: "/people/" }));
    expect(Users?.map(({ UserName }) => UserName)).toEqual(["Jane"]);
    await iam.send(new DeleteUserCommand({ UserName: "Jane" }));
    await expect(iam.send(new GetUserCommand({ UserName: "Jane" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The user with name Jane cannot be found.",
    });
  });

  it("has a name that no other has, the administrator's included", async () => {
    await make("Once");
    for (const name of ["once", "LOCAL"])
      await expect(make(name)).rejects.toMatchObject({
        name: "EntityAlreadyExistsException",
        $metadata: { httpStatusCode: 409 },
      });
  });

  it("cannot be deleted before what it has", async () => {
    await make("Full");
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    await iam.send(new AttachUserPolicyCommand({ UserName: "Full", PolicyArn }));
    await iam.send(new PutUserPolicyCommand({ UserName: "Full", PolicyName: "p", PolicyDocument: document }));
    const { accessKeyId: AccessKeyId } = await makeKey("Full");
    const refusal = () =>
      iam.send(new DeleteUserCommand({ UserName: "Full" })).then(
        () => "deleted",
        (error: Error) => error.message,
      );
    expect(await refusal()).toBe("Cannot delete entity, must detach all policies first.");
    await iam.send(new DetachUserPolicyCommand({ UserName: "Full", PolicyArn }));
    expect(await refusal()).toBe("Cannot delete entity, must delete policies first.");
    await iam.send(new DeleteUserPolicyCommand({ UserName: "Full", PolicyName: "p" }));
    expect(await refusal()).toBe("Cannot delete entity, must delete access keys first.");
    await iam.send(new DeleteAccessKeyCommand({ UserName: "Full", AccessKeyId }));
    expect(await refusal()).toBe("deleted");
  });
});

describe("a user's policies", () => {
  it("are written, read, listed and taken away", async () => {
    await make("Inline");
    const put = { UserName: "Inline", PolicyName: "work" };
    await iam.send(new PutUserPolicyCommand({ ...put, PolicyDocument: document }));
    const read = await iam.send(new GetUserPolicyCommand(put));
    expect(decodeURIComponent(read.PolicyDocument ?? "")).toBe(document);
    expect((await iam.send(new ListUserPoliciesCommand({ UserName: "Inline" }))).PolicyNames).toEqual(["work"]);
    await iam.send(new DeleteUserPolicyCommand(put));
    await expect(iam.send(new GetUserPolicyCommand(put))).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it("are attached and counted, and hold the policy", async () => {
    await make("Attached");
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "shared", PolicyDocument: document }));
    const PolicyArn = Policy?.Arn ?? "";
    await iam.send(new AttachUserPolicyCommand({ UserName: "Attached", PolicyArn }));
    expect((await iam.send(new ListAttachedUserPoliciesCommand({ UserName: "Attached" }))).AttachedPolicies).toEqual([
      { PolicyName: "shared", PolicyArn },
    ]);
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(1);
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
  });
});

describe("an access key", () => {
  it("calls as its user", async () => {
    await make("Caller");
    const key = await makeKey("Caller");
    expect(key.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(await whoIs(key)).toBe(`arn:aws:iam::${account}:user/Caller`);
  });

  it("is listed without its secret, turned off and on, and deleted", async () => {
    await make("Keyed");
    const key = await makeKey("Keyed");
    const of = { UserName: "Keyed", AccessKeyId: key.accessKeyId };
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: "Keyed" }));
    expect(AccessKeyMetadata).toMatchObject([{ ...of, Status: "Active" }]);
    expect(JSON.stringify(AccessKeyMetadata)).not.toContain(key.secretAccessKey);
    await iam.send(new UpdateAccessKeyCommand({ ...of, Status: "Inactive" }));
    await expect(whoIs(key)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    await iam.send(new UpdateAccessKeyCommand({ ...of, Status: "Active" }));
    expect(await whoIs(key)).toContain("user/Keyed");
    await iam.send(new DeleteAccessKeyCommand(of));
    await expect(whoIs(key)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    await expect(iam.send(new DeleteAccessKeyCommand(of))).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });

  it("is one of two at most", async () => {
    await make("Greedy");
    await makeKey("Greedy");
    await makeKey("Greedy");
    await expect(makeKey("Greedy")).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Cannot exceed quota for AccessKeysPerUser: 2",
    });
  });

  it("cannot be made for the administrator", async () => {
    await expect(makeKey("local")).rejects.toMatchObject({ name: "NoSuchEntityException" });
  });
});
