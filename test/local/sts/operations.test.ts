import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stsOperations } from "../../../src/local/sts/operations.ts";
import { listBreaches } from "../query-constraints.ts";
import { type FormValue, sendForm, writeForm } from "../query-form.ts";
import { credentials, type Served, send, serve } from "../served.ts";

const version = "2011-06-15";
const roleArn = "arn:aws:iam::123456789012:role/worker";
let served: Served;
let sts: STSClient;
beforeAll(async () => {
  served = await serve({ verifySignatures: false });
  sts = new STSClient({ endpoint: served.local.url, region: "us-east-1", credentials, maxAttempts: 1 });
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
  });
  await sendForm(
    served.local.url,
    writeForm("CreateRole", "2010-05-08", {
      RoleName: "worker",
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: "7200",
    }),
  );
});
afterAll(async () => {
  sts.destroy();
  await served.close();
});
const ask = (action: string, fields: Readonly<Record<string, FormValue>> = {}) =>
  sendForm(served.local.url, writeForm(action, version, fields));

const valid: Readonly<Record<string, Readonly<Record<string, FormValue>>>> = {
  AssumeRole: { RoleArn: roleArn, RoleSessionName: "session" },
  GetAccessKeyInfo: { AccessKeyId: "AKIAIOSFODNN7EXAMPLE" },
};

describe.each(stsOperations.operations.map((operation) => [operation.name, operation] as const))(
  "%s",
  (name, { input: { fields } }) => {
    it.each(listBreaches(fields, valid[name] ?? {}).map((breach) => [breach.said, breach] as const))(
      "refuses %s",
      async (_said, breach) => {
        const { status, code, message } = await ask(name, breach.fields);
        expect([status, code]).toEqual([400, "ValidationError"]);
        expect(message).toContain(breach.words);
      },
    );

    it("answers valid fields", async () => {
      expect((await ask(name, valid[name] ?? {})).status).toBe(200);
    });
  },
);

describe("GetCallerIdentity", () => {
  it("says who calls", async () => {
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "123456789012",
      Arn: "arn:aws:iam::123456789012:user/local",
      UserId: "AIDALOCALUSER00000000",
    });
  });

  it("may be asked by GET, as presigned requests do", async () => {
    const { status, body } = await send(served.local.url, { path: "/?Action=GetCallerIdentity&Version=2011-06-15" });
    expect([status, body]).toEqual([200, expect.stringContaining("<Account>123456789012</Account>")]);
  });
});

describe("AssumeRole", () => {
  const assume = (more: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]> = {}) =>
    sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "session", ...more }));

  it("gives credentials that expire when asked, an hour where nothing is", async () => {
    const nowMs = Date.now();
    const { Credentials, AssumedRoleUser } = await assume();
    expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::123456789012:assumed-role/worker/session");
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Math.abs((Credentials?.Expiration?.getTime() ?? 0) - nowMs - 3600_000)).toBeLessThan(60_000);
  });

  it("of a role that is not there looks like one that is not allowed", async () => {
    const arn = "arn:aws:iam::123456789012:role/nobody";
    await expect(assume({ RoleArn: arn })).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
      message: `User: arn:aws:iam::123456789012:user/local is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    });
  });

  it.each([
    ["a role that is no ARN", { RoleArn: "worker".padEnd(20, "x") }, "ValidationError"],
    ["longer than the role allows", { DurationSeconds: 7201 }, "ValidationError"],
    ["a policy that is none", { Policy: "{" }, "MalformedPolicyDocumentException"],
  ])("refuses %s", async (_said, more, name) => {
    await expect(assume(more)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it("by a role that was assumed lasts an hour at most", async () => {
    const { Credentials } = await assume();
    const chained = new STSClient({
      endpoint: served.local.url,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      },
    });
    const again = (DurationSeconds: number) =>
      chained.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "second", DurationSeconds }));
    expect((await again(3600)).AssumedRoleUser?.Arn).toBe("arn:aws:sts::123456789012:assumed-role/worker/second");
    await expect(again(3601)).rejects.toMatchObject({ name: "ValidationError" });
    await expect(chained.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    chained.destroy();
  });
});

it("GetAccessKeyInfo names the account of a key", async () => {
  expect((await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" }))).Account).toBe(
    "123456789012",
  );
});

describe("what STS does not do here", () => {
  it.each(stsOperations.notBuilt.map(({ name }) => name))("answers %s by its name", async (name) => {
    expect(await ask(name)).toMatchObject({ status: 501, code: "NotImplemented" });
  });

  it("knows no other names, and wants one", async () => {
    expect(await ask("GetCallerIdentitty")).toMatchObject({ status: 400, code: "InvalidAction" });
    const { status, body } = await send(served.local.url, {
      method: "POST",
      path: "/",
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0",
        "x-amz-date": "20261121T000000Z",
      },
      body: "",
    });
    expect([status, body]).toEqual([400, expect.stringContaining("<Code>MissingAction</Code>")]);
  });
});
