import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling, isRefusal } from "./wrap-error.ts";

/** What `doctor --fix` changes in IAM. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export interface IamFixer {
  /** An inline policy's JSON text, or undefined where there is none of this name. */
  findInlinePolicy(principalArn: string, policyName: string): Promise<string | undefined>;
  putInlinePolicy(principalArn: string, policyName: string, document: string): Promise<void>;
  putTrustPolicy(roleName: string, document: string): Promise<void>;
  close(): void;
}

/** Adds statements to policies of roles and users. Close it after use. */
export function openIamFixer(connection: Connection): IamFixer {
  const client = new sdk.iam.IAMClient(makeClientOptions(connection));
  const nameOf = (arn: string): { readonly isRole: boolean; readonly name: string } => ({
    isRole: arn.includes(":role/"),
    name: arn.split("/").at(-1) ?? "",
  });
  return {
    async findInlinePolicy(principalArn, PolicyName) {
      const { isRole, name } = nameOf(principalArn);
      try {
        return await calling("IAM", isRole ? "GetRolePolicy" : "GetUserPolicy", async () => {
          const { PolicyDocument: document } = isRole
            ? await client.send(new sdk.iam.GetRolePolicyCommand({ RoleName: name, PolicyName }))
            : await client.send(new sdk.iam.GetUserPolicyCommand({ UserName: name, PolicyName }));
          return document === undefined ? undefined : decodeURIComponent(document);
        });
      } catch (error) {
        if (isRefusal(error, "NoSuchEntityException", "NoSuchEntity")) return undefined;
        throw error;
      }
    },
    async putInlinePolicy(principalArn, PolicyName, PolicyDocument) {
      const { isRole, name } = nameOf(principalArn);
      await calling("IAM", isRole ? "PutRolePolicy" : "PutUserPolicy", async () => {
        await (isRole
          ? client.send(new sdk.iam.PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument }))
          : client.send(new sdk.iam.PutUserPolicyCommand({ UserName: name, PolicyName, PolicyDocument })));
      });
    },
    async putTrustPolicy(roleName, PolicyDocument) {
      await calling("IAM", "UpdateAssumeRolePolicy", async () => {
        await client.send(new sdk.iam.UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument }));
      });
    },
    close: () => client.destroy(),
  };
}
