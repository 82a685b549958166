import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  paginateListRoles,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials, type Served, serve } from "../served.ts";

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

const allow = (...actions: string[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
const trust = (service: string): string =>
  JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    },
    null,
    2,
  );
const bedrock = trust("bedrock.amazonaws.com");
const make = (RoleName: string) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: bedrock }));

describe("a role", () => {
  it("is made and read with its trust policy percent-encoded, as it was sent", async () => {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "Batch",
        Path: "/service/",
        AssumeRolePolicyDocument: bedrock,
        Description: "é & <b>",
        MaxSessionDuration: 7200,
        Tags: [{ Key: "a", Value: "b" }],
      }),
    );
    expect(Role).toMatchObject({
      RoleName: "Batch",
      Path: "/service/",
      Arn: "arn:aws:iam::123456789012:role/service/Batch",
    });
    // A creation answers with less than a read.
    expect(Object.keys(Role ?? {})).not.toContain("MaxSessionDuration");
    expect(Object.keys(Role ?? {})).not.toContain("Description");
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    const read = await iam.send(new GetRoleCommand({ RoleName: "Batch" }));
    expect(read.Role).toMatchObject({
      MaxSessionDuration: 7200,
      Description: "é & <b>",
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(read.Role?.AssumeRolePolicyDocument).toMatch(/^%7B%0A%20%20%22Version/);
    expect(decodeURIComponent(read.Role?.AssumeRolePolicyDocument ?? "")).toBe(bedrock);
  });

  it("has a name that no other has, in whatever case", async () => {
    await make("Once");
    await expect(make("ONCE")).rejects.toMatchObject({
      name: "EntityAlreadyExistsException",
      $metadata: { httpStatusCode: 409 },
      message: "Role with name ONCE already exists.",
    });
    await expect(iam.send(new GetRoleCommand({ RoleName: "Never" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      $metadata: { httpStatusCode: 404 },
      message: "The role with name Never cannot be found.",
    });
  });

  it("keeps its inline policies until they are removed, and is removed only then", async () => {
    await make("Inline");
    await iam.send(
      new PutRolePolicyCommand({ RoleName: "Inline", PolicyName: "p", PolicyDocument: allow("s3:GetObject") }),
    );
    await iam.send(
      new PutRolePolicyCommand({ RoleName: "Inline", PolicyName: "p", PolicyDocument: allow("s3:PutObject") }),
    );
    const read = await iam.send(new GetRolePolicyCommand({ RoleName: "Inline", PolicyName: "p" }));
    expect(decodeURIComponent(read.PolicyDocument ?? "")).toBe(allow("s3:PutObject"));
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName: "Inline" }))).PolicyNames).toEqual(["p"]);
    await expect(iam.send(new DeleteRoleCommand({ RoleName: "Inline" }))).rejects.toMatchObject({
      name: "DeleteConflictException",
      message: "Cannot delete entity, must delete policies first.",
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "Inline", PolicyName: "p" }));
    await expect(iam.send(new GetRolePolicyCommand({ RoleName: "Inline", PolicyName: "p" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role policy with name p cannot be found.",
    });
    await iam.send(new DeleteRoleCommand({ RoleName: "Inline" }));
  });

  it("has policies attached, its account's and AWS's own", async () => {
    await make("Attached");
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "Own", PolicyDocument: allow("s3:*") }));
    const own = Policy?.Arn ?? "";
    const aws = "arn:aws:iam::aws:policy/AmazonBedrockFullAccess";
    for (const PolicyArn of [own, aws])
      await iam.send(new AttachRolePolicyCommand({ RoleName: "Attached", PolicyArn }));
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "Attached" }))).AttachedPolicies).toEqual([
      { PolicyName: "Own", PolicyArn: own },
      { PolicyName: "AmazonBedrockFullAccess", PolicyArn: aws },
    ]);
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: own }))).Policy).toMatchObject({
      AttachmentCount: 1,
      DefaultVersionId: "v1",
    });
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: own, VersionId: "v1" }));
    expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toBe(allow("s3:*"));
    expect(
      (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies?.map(({ PolicyName }) => PolicyName),
    ).toEqual(["Own"]);
    await expect(iam.send(new DeleteRoleCommand({ RoleName: "Attached" }))).rejects.toMatchObject({
      message: "Cannot delete entity, must detach all policies first.",
    });
    await expect(iam.send(new DeletePolicyCommand({ PolicyArn: own }))).rejects.toMatchObject({
      name: "DeleteConflictException",
    });
    for (const PolicyArn of [own, aws])
      await iam.send(new DetachRolePolicyCommand({ RoleName: "Attached", PolicyArn }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: own }));
    await iam.send(new DeleteRoleCommand({ RoleName: "Attached" }));
    await make("Missing");
    await expect(iam.send(new AttachRolePolicyCommand({ RoleName: "Missing", PolicyArn: own }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("is changed: its trust, its description, its tags", async () => {
    await make("Changed");
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "Changed", PolicyDocument: trust("lambda.amazonaws.com") }),
    );
    await iam.send(new UpdateRoleCommand({ RoleName: "Changed", Description: "new", MaxSessionDuration: 3600 }));
    await iam.send(
      new TagRoleCommand({
        RoleName: "Changed",
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await iam.send(new TagRoleCommand({ RoleName: "Changed", Tags: [{ Key: "a", Value: "3" }] }));
    await iam.send(new UntagRoleCommand({ RoleName: "Changed", TagKeys: ["b"] }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "Changed" }));
    expect([Role?.Description, decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")]).toEqual([
      "new",
      trust("lambda.amazonaws.com"),
    ]);
    expect((await iam.send(new ListRoleTagsCommand({ RoleName: "Changed" }))).Tags).toEqual([{ Key: "a", Value: "3" }]);
  });

  it("is listed in pages, in the order of the names", async () => {
    for (const name of ["page-c", "page-a", "page-b"])
      await iam.send(new CreateRoleCommand({ RoleName: name, Path: "/pages/", AssumeRolePolicyDocument: bedrock }));
    const seen: (string | undefined)[][] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: "/pages/" }))
      seen.push(Roles.map(({ RoleName }) => RoleName));
    expect(seen).toEqual([["page-a", "page-b"], ["page-c"]]);
  });

  const statement = (change: object): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole", ...change },
      ],
    });
  it.each([
    ["no JSON", "{bad", "This policy contains invalid Json"],
    ["a list", "[]", "Syntax errors in policy."],
    ["no statement", '{"Version":"2012-10-17"}', "Syntax errors in policy."],
    ["another version", statement({}).replace("2012", "2013"), "Syntax errors in policy."],
    ["a resource", statement({ Resource: "*" }), "Has prohibited field Resource"],
    ["no principal", statement({ Principal: undefined }), "AssumeRole policy must contain principals"],
    [
      "another service's action",
      statement({ Action: "s3:GetObject" }),
      "AssumeRole policy may only specify STS AssumeRole actions.",
    ],
    ["an odd effect", statement({ Effect: "Perhaps" }), "Syntax errors in policy."],
    ["an odd member", statement({ Actions: "x" }), "Syntax errors in policy."],
  ])("cannot be trusted by %s", async (_said, AssumeRolePolicyDocument, message) => {
    await expect(
      iam.send(new CreateRoleCommand({ RoleName: "Malformed", AssumeRolePolicyDocument })),
    ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", $metadata: { httpStatusCode: 400 }, message });
  });

  it.each([
    [
      "a principal",
      { Principal: "*", Action: "s3:*", Resource: "*" },
      "Policy document should not specify a principal.",
    ],
    ["no resource", { Action: "s3:*" }, "Policy statement must contain resources."],
    ["no action", { Resource: "*" }, "Policy statement must contain actions."],
    [
      "an action of no service",
      { Action: "GetObject", Resource: "*" },
      "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
    [
      "a resource that is no ARN",
      { Action: "s3:*", Resource: "bucket" },
      'Resource bucket must be in ARN format or "*".',
    ],
  ])("cannot be allowed anything by %s", async (_said, change, message) => {
    await make("Allowed").catch(() => undefined);
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...change }] });
    await expect(
      iam.send(new PutRolePolicyCommand({ RoleName: "Allowed", PolicyName: "p", PolicyDocument })),
    ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message });
  });
});

it("GetUser tells the caller who it is", async () => {
  expect((await iam.send(new GetUserCommand({}))).User).toMatchObject({
    UserName: "local",
    Arn: "arn:aws:iam::123456789012:user/local",
  });
});

it("what IAM keeps survives a restart", async () => {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const dataDir = await mkdtemp(`${tmpdir()}/halfprice-iam-`);
  for (const act of ["make", "read"]) {
    const again = await serve({ dataDir });
    const client = new IAMClient({ endpoint: again.local.url, region: "us-east-1", credentials });
    if (act === "make")
      await client.send(new CreateRoleCommand({ RoleName: "Kept", AssumeRolePolicyDocument: bedrock }));
    else expect((await client.send(new GetRoleCommand({ RoleName: "Kept" }))).Role?.RoleName).toBe("Kept");
    client.destroy();
    await again.close();
  }
  await rm(dataDir, { recursive: true });
});
