import { describe, expect, it } from "vitest";
import { findCaller } from "../../src/access/caller.ts";
import type { FoundRole, IamDocuments } from "../../src/aws/iam-documents.ts";
import { HalfpriceError } from "../../src/foundation/errors/index.ts";

const account = "123456789012";
const role = (path: string, name: string): FoundRole => ({
  arn: `arn:aws:iam::${account}:role/${path}${name}`,
  createdAtMs: 0,
  trustPolicy: "{}",
  tags: {},
});
const denied = new HalfpriceError("SERVICE_REFUSED", {
  ...{ service: "IAM", operation: "GetRole", type: "AccessDenied", status: 403 },
  message: "not authorized",
});

/** Who is behind an ARN, where IAM knows this role, or refuses to say. */
const find = (callerArn: string, found: FoundRole | Error | undefined) => {
  const findRole = () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found));
  return findCaller(callerArn, { findRole } as unknown as IamDocuments);
};

describe("who calls", () => {
  it("is a user by the last part of its path", async () => {
    const arn = `arn:aws:iam::${account}:user/team/ann`;
    expect(await find(arn, undefined)).toEqual({ arn, owner: { kind: "user", name: "ann" } });
  });

  it("is the role behind a session, with the path that only IAM knows", async () => {
    const session = `arn:aws:sts::${account}:assumed-role/Execution/SageMaker`;
    expect(await find(session, role("service-role/", "Execution"))).toMatchObject({
      arn: `arn:aws:iam::${account}:role/service-role/Execution`,
      owner: { kind: "role", name: "Execution" },
    });
    const guessed = await find(session, denied);
    expect(guessed.arn).toBe(`arn:aws:iam::${account}:role/Execution`);
    expect(guessed.trustPolicy).toBeUndefined();
  });

  it("cannot be given a policy where Identity Center made the role, and it says where the policy goes", async () => {
    const name = "AWSReservedSSO_Admin_0123456789abcdef";
    const path = "aws-reserved/sso.amazonaws.com/";
    const caller = await find(`arn:aws:sts::${account}:assumed-role/${name}/ann@example.com`, role(path, name));
    expect(caller.owner).toBeUndefined();
    expect(caller.why).toContain("permission set");
    expect(caller.arn).toContain(path);
  });

  it("cannot be given a policy as the account's root or as a federated user", async () => {
    expect((await find(`arn:aws:iam::${account}:root`, undefined)).why).toContain("may do everything");
    expect((await find(`arn:aws:sts::${account}:federated-user/ann`, undefined)).why).toContain("--caller");
  });
});
