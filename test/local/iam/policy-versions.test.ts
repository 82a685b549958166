import { ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allow, deny, type Enforced, enforce, policy, refusal } from "./enforced.ts";

let service: Enforced;
beforeAll(async () => {
  service = await enforce();
});
afterAll(() => service.close());

const make = async (PolicyName: string, document: string): Promise<string> => {
  const created = await service.admin.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document }));
  return created.Policy?.Arn ?? "";
};
const add = (PolicyArn: string, document: string, SetAsDefault = false) =>
  service.admin.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault }));

describe("a managed policy", () => {
  it("has versions, of which one is in force", async () => {
    const PolicyArn = await make("versions", policy(deny("bedrock:*")));
    const jane = await service.makeUser("jane");
    await service.admin.iam.send(new AttachUserPolicyCommand({ UserName: "jane", PolicyArn }));
    const list = () => jane.bedrock.send(new ListFoundationModelsCommand({}));
    expect((await refusal(list())).message).toContain("explicit deny in an identity-based policy");
    expect((await add(PolicyArn, policy(allow("bedrock:*")))).PolicyVersion).toMatchObject({
      VersionId: "v2",
      IsDefaultVersion: false,
    });
    expect((await refusal(list())).status).toBe(403);
    await service.admin.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
    expect((await list()).$metadata.httpStatusCode).toBe(200);
    await add(PolicyArn, policy(allow("s3:*")), true);
    expect((await refusal(list())).message).toContain("because no identity-based policy allows");
    const { Versions } = await service.admin.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ["v3", true],
      ["v2", false],
      ["v1", false],
    ]);
    const { PolicyVersion } = await service.admin.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
    expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toBe(policy(allow("bedrock:*")));
    expect((await service.admin.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe("v3");
  });

  it("has five at most, never one number twice, and goes with its last", async () => {
    const PolicyArn = await make("many", policy(allow("*")));
    for (let count = 0; count < 4; count++) await add(PolicyArn, policy(allow("*")));
    expect((await refusal(add(PolicyArn, policy(allow("*"))))).name).toBe("LimitExceededException");
    const remove = (VersionId: string) =>
      service.admin.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    expect((await refusal(remove("v1"))).message).toBe("Cannot delete the default version of a policy.");
    expect((await refusal(remove("v9"))).name).toBe("NoSuchEntityException");
    await remove("v5");
    expect((await add(PolicyArn, policy(allow("*")))).PolicyVersion?.VersionId).toBe("v6");
    const drop = () => service.admin.iam.send(new DeletePolicyCommand({ PolicyArn }));
    expect((await refusal(drop())).message).toContain("more than one version");
    for (const id of ["v2", "v3", "v4", "v6"]) await remove(id);
    await drop();
    expect((await refusal(service.admin.iam.send(new GetPolicyCommand({ PolicyArn })))).status).toBe(404);
  });
});
