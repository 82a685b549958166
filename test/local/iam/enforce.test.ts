/** Every protocol's own form of a refusal, and who is asked about whom. */
import { ListFoundationModelsCommand, ListModelInvocationJobsCommand } from "@aws-sdk/client-bedrock";
import { ConverseCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListRolesCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocal } from "../../../src/local/start-local.ts";
import { account, allow, type Clients, deny, type Enforced, enforce, policy, refusal } from "./enforced.ts";

const haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const model = "anthropic.claude-haiku-4-5-20251001-v1:0";
const user = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
let service: Enforced;
let nobody: Clients;
beforeAll(async () => {
  service = await enforce();
  nobody = await service.makeUser("nobody");
});
afterAll(() => service.close());

describe("a user without policies", () => {
  const because = (action: string, resource?: string): string =>
    `User: ${user("nobody")} is not authorized to perform: ${action}${resource === undefined ? "" : ` on resource: ${resource}`} because no identity-based policy allows the ${action} action`;

  it.each<[string, () => Promise<unknown>, string, number, string]>([
    [
      "Bedrock",
      () => nobody.bedrock.send(new ListModelInvocationJobsCommand({})),
      "AccessDeniedException",
      403,
      because("bedrock:ListModelInvocationJobs", "*"),
    ],
    [
      "Bedrock Runtime",
      () => nobody.runtime.send(new ConverseCommand({ modelId: haiku, messages: [] })),
      "AccessDeniedException",
      403,
      because("bedrock:InvokeModel", `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`),
    ],
    [
      "IAM",
      () => nobody.iam.send(new ListRolesCommand({})),
      "AccessDenied",
      403,
      because("iam:ListRoles", `arn:aws:iam::${account}:role/`),
    ],
    ["S3", () => nobody.s3.send(new ListBucketsCommand({})), "AccessDenied", 403, because("s3:ListAllMyBuckets")],
    [
      "Service Quotas",
      () => nobody.quotas.send(new ListServiceQuotasCommand({ ServiceCode: "bedrock" })),
      "AccessDeniedException",
      400,
      because("servicequotas:ListServiceQuotas", "*"),
    ],
    [
      "CloudWatch",
      () => nobody.cloudwatch.send(new ListMetricsCommand({})),
      "AccessDenied",
      403,
      because("cloudwatch:ListMetrics", "*"),
    ],
  ])("is refused by %s in its words", async (_service, call, name, status, message) => {
    expect(await refusal(call())).toEqual({ name, status, message });
  });

  it("may ask who it is", async () => {
    expect((await nobody.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(user("nobody"));
  });

  it("is refused before it learns whether a role is there", async () => {
    const { message } = await refusal(nobody.iam.send(new GetRoleCommand({ RoleName: "ghost" })));
    expect(message).toBe(because("iam:GetRole", `arn:aws:iam::${account}:role/ghost`));
  });
});

describe("a key that nobody has", () => {
  it("is no administrator's", async () => {
    const stranger = service.clientsOf({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" });
    expect((await refusal(stranger.bedrock.send(new ListFoundationModelsCommand({})))).name).toBe(
      "UnrecognizedClientException",
    );
    expect((await refusal(stranger.s3.send(new ListBucketsCommand({})))).name).toBe("InvalidAccessKeyId");
  });
});

describe("policies", () => {
  it("hold from the next call on", async () => {
    const clients = await service.makeUser("growing");
    const list = () => clients.bedrock.send(new ListFoundationModelsCommand({}));
    expect((await refusal(list())).status).toBe(403);
    await service.setUser("growing", allow("bedrock:List*"));
    expect((await list()).modelSummaries?.length).toBeGreaterThan(0);
    await service.setUser("growing", allow("bedrock:List*"), deny("bedrock:ListFoundationModels"));
    expect((await refusal(list())).message).toBe(
      `User: ${user("growing")} is not authorized to perform: bedrock:ListFoundationModels on resource: * with an explicit deny in an identity-based policy`,
    );
  });

  it("are those that are attached, and a boundary takes away from them", async () => {
    const document = policy(allow("iam:GetUser"));
    const { Policy } = await service.admin.iam.send(
      new CreatePolicyCommand({ PolicyName: "only-get-user", PolicyDocument: document }),
    );
    const UserName = "bounded";
    await service.admin.iam.send(new CreateUserCommand({ UserName, PermissionsBoundary: Policy?.Arn }));
    await service.admin.iam.send(
      new AttachUserPolicyCommand({ UserName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    );
    const { AccessKey } = await service.admin.iam.send(new CreateAccessKeyCommand({ UserName }));
    const clients = service.clientsOf({
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    expect((await clients.iam.send(new GetUserCommand({}))).User?.UserName).toBe(UserName);
    expect((await refusal(clients.iam.send(new ListRolesCommand({})))).message).toMatch(
      / because no permissions boundary allows the iam:ListRoles action$/,
    );
  });

  it("may let users into their own things only", async () => {
    const own = `arn:aws:iam::${account}:user/\${aws:username}`;
    const clients = await service.makeUser("selfish", allow(["iam:GetUser", "iam:PutUserPolicy"], own));
    expect((await clients.iam.send(new GetUserCommand({ UserName: "selfish" }))).User?.Arn).toBe(user("selfish"));
    const put = { UserName: "nobody", PolicyName: "x", PolicyDocument: policy(allow("*")) };
    expect((await refusal(clients.iam.send(new PutUserPolicyCommand(put)))).message).toContain(
      `iam:PutUserPolicy on resource: ${user("nobody")} because`,
    );
  });
});

describe("InvokeModel through a profile", () => {
  const body = JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: 10,
    messages: [{ role: "user", content: "hi" }],
  });
  const invoke = (clients: Clients) =>
    clients.runtime.send(new InvokeModelCommand({ modelId: haiku, body, contentType: "application/json" }));
  const profile = `arn:aws:bedrock:us-east-1:${account}:inference-profile/${haiku}`;

  it("needs the profile and its model in every Region that it goes to", async () => {
    const clients = await service.makeUser("invoker", allow("bedrock:InvokeModel", profile));
    const first = `arn:aws:bedrock:us-east-1::foundation-model/${model}`;
    expect((await refusal(invoke(clients))).message).toContain(`on resource: ${first} because`);
    await service.setUser("invoker", allow("bedrock:InvokeModel", [profile, first]));
    expect((await refusal(invoke(clients))).message).toMatch(/on resource: arn:aws:bedrock:us-(?!east-1)[\w-]+::/);
    await service.setUser(
      "invoker",
      allow("bedrock:InvokeModel", [profile, `arn:aws:bedrock:*::foundation-model/${model}`]),
    );
    expect((await invoke(clients)).$metadata.httpStatusCode).toBe(200);
  });

  it("may be allowed for the profile and not for the model by itself", async () => {
    const through = { Condition: { StringEquals: { "bedrock:InferenceProfileArn": profile } } };
    const clients = await service.makeUser(
      "through",
      allow("bedrock:InvokeModel", profile),
      allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/*", through),
    );
    expect((await invoke(clients)).$metadata.httpStatusCode).toBe(200);
  });
});

describe("AssumeRole", () => {
  const assume = (clients: Clients, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
    clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "night", ...more }));
  const trust = (principal: string, more: object = {}) => ({
    Effect: "Allow",
    Principal: { AWS: principal },
    Action: "sts:AssumeRole",
    ...more,
  });
  const sessionOf = async (clients: Clients, arn: string, more: Partial<AssumeRoleCommandInput> = {}) => {
    const { Credentials } = await assume(clients, arn, more);
    return service.clientsOf({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    });
  };

  it("asks the trust policy, and gives no reason", async () => {
    const arn = await service.makeRole("closed", trust(user("somebody")));
    const clients = await service.makeUser("assumer", allow("sts:AssumeRole"));
    expect(await refusal(assume(clients, arn))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `User: ${user("assumer")} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    });
  });

  it("of a role that trusts the account needs the user's own right too", async () => {
    const arn = await service.makeRole("accounts", trust(account));
    const clients = await service.makeUser("poor");
    expect((await refusal(assume(clients, arn))).status).toBe(403);
    await service.setUser("poor", allow("sts:AssumeRole", arn));
    expect((await assume(clients, arn)).AssumedRoleUser?.Arn).toBe(
      `arn:aws:sts::${account}:assumed-role/accounts/night`,
    );
  });

  it("asks for an external id where the trust policy does", async () => {
    const arn = await service.makeRole(
      "external",
      trust(user("nobody"), { Condition: { StringEquals: { "sts:ExternalId": "secret" } } }),
    );
    expect((await refusal(assume(nobody, arn))).status).toBe(403);
    expect((await assume(nobody, arn, { ExternalId: "secret" })).Credentials).toBeDefined();
  });

  it("gives the role's rights and no others, less what the session's policy leaves out", async () => {
    const arn = await service.makeRole("reader", trust(user("nobody")), allow(["bedrock:List*", "iam:List*"]));
    const whole = await sessionOf(nobody, arn);
    expect((await whole.iam.send(new ListRolesCommand({}))).Roles?.length).toBeGreaterThan(0);
    expect((await refusal(whole.s3.send(new ListBucketsCommand({})))).message).toContain(
      `User: arn:aws:sts::${account}:assumed-role/reader/night is not authorized to perform: s3:ListAllMyBuckets because`,
    );
    const narrow = await sessionOf(nobody, arn, { Policy: policy(allow("bedrock:*")) });
    expect((await narrow.bedrock.send(new ListFoundationModelsCommand({}))).modelSummaries?.length).toBeGreaterThan(0);
    expect((await refusal(narrow.iam.send(new ListRolesCommand({})))).message).toMatch(
      / because no session policy allows the iam:ListRoles action$/,
    );
  });
});

describe("an organisation", () => {
  it("denies whom it will, the administrator too", async () => {
    const elsewhere = { Condition: { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } } };
    const bound = await enforce({
      organisationDenies: [
        { Version: "2012-10-17", Statement: [deny("bedrock:InvokeModel", "*", elsewhere)] },
        policy(deny("iam:CreatePolicy")),
      ],
    });
    const document = policy(allow("*"));
    expect(
      (await refusal(bound.admin.iam.send(new CreatePolicyCommand({ PolicyName: "x", PolicyDocument: document }))))
        .message,
    ).toBe(
      `User: ${user("local")} is not authorized to perform: iam:CreatePolicy on resource: arn:aws:iam::${account}:policy/x with an explicit deny in a service control policy`,
    );
    const converse = { modelId: haiku, messages: [{ role: "user" as const, content: [{ text: "hi" }] }] };
    expect((await refusal(bound.admin.runtime.send(new ConverseCommand(converse)))).message).toMatch(
      /bedrock:InvokeModel on resource: arn:aws:bedrock:us-(?!east-1)[\w-]+::foundation-model\/.* with an explicit deny in a service control policy$/,
    );
    await bound.close();
  });

  it("has policies that can be read, or the service does not start", async () => {
    await expect(startLocal({ enforceIam: true, organisationDenies: ["{"] })).rejects.toThrow(
      /^organisationDenies\[0\] is no policy/,
    );
  });
});

it("without enforcement everybody may do everything", async () => {
  const open = await startLocal();
  const clients = service.clientsOf({ accessKeyId: "anything", secretAccessKey: "anything" });
  const iam = new IAMClient({
    endpoint: open.url,
    region: "us-east-1",
    credentials: { accessKeyId: "anything", secretAccessKey: "x" },
  });
  expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
  expect((await refusal(clients.iam.send(new ListRolesCommand({})))).status).toBe(403);
  iam.destroy();
  await open.close();
});
