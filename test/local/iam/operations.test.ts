import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iamOperations } from "../../../src/local/iam/operations.ts";
import { listBreaches } from "../query-constraints.ts";
import { type FormValue, sendForm, writeForm } from "../query-form.ts";
import { type Served, serve } from "../served.ts";

const version = "2010-05-08";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "bedrock.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const permissions = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});
const arn = "arn:aws:iam::123456789012:policy/constraints";

/** Fields with which each operation passes its own checks; what they name need not be there. */
const valid: Readonly<Record<string, FormValue>> = {
  RoleName: "constraints",
  UserName: "constraints",
  AccessKeyId: "AKIAIOSFODNN7EXAMPLE",
  Status: "Active",
  PolicySourceArn: "arn:aws:iam::123456789012:user/local",
  ActionNames: ["s3:GetObject"],
  PolicyInputList: [permissions],
  PolicyName: "constraints",
  PolicyArn: arn,
  VersionId: "v1",
  Description: "text",
  TagKeys: ["a"],
  Tags: [{ Key: "a", Value: "b" }],
};
const documentOf = (name: string): Readonly<Record<string, FormValue>> => ({
  AssumeRolePolicyDocument: trust,
  PolicyDocument: name === "UpdateAssumeRolePolicy" ? trust : permissions,
});

let served: Served;
beforeAll(async () => {
  served = await serve({ verifySignatures: false });
});
afterAll(() => served.close());
const ask = (action: string, fields: Readonly<Record<string, FormValue>> = {}) =>
  sendForm(served.local.url, writeForm(action, version, fields));

const fieldsOf = (name: string): Readonly<Record<string, FormValue>> => {
  const known = Object.keys(iamOperations.operations.find((operation) => operation.name === name)?.input.fields ?? {});
  return Object.fromEntries(
    Object.entries({ ...valid, ...documentOf(name) }).filter(([field]) => known.includes(field)),
  );
};

describe.each(iamOperations.operations.map((operation) => [operation.name, operation] as const))(
  "%s",
  (name, { input: { fields } }) => {
    const breaches = listBreaches(fields, fieldsOf(name));
    it.each(breaches.map((breach) => [breach.said, breach] as const))("refuses %s", async (_said, breach) => {
      const { status, code, message } = await ask(name, breach.fields);
      expect([status, code]).toEqual([400, "ValidationError"]);
      expect(message).toContain(breach.words);
      expect(message).toMatch(/^\d+ validation errors? detected: /);
    });

    it("has no fault to find in valid fields", async () => {
      expect((await ask(name, fieldsOf(name))).code).not.toBe("ValidationError");
    });
  },
);

describe("what IAM does not do here", () => {
  it.each(iamOperations.notBuilt.map(({ name }) => name))("answers %s by its name", async (name) => {
    const { status, code, message } = await ask(name);
    expect([status, code, message]).toEqual([501, "NotImplemented", `The local service does not serve ${name}.`]);
  });

  it("knows no other names", async () => {
    expect(await ask("ListRolls")).toMatchObject({
      status: 400,
      code: "InvalidAction",
      message: "Could not find operation ListRolls for version 2010-05-08",
    });
  });
});
