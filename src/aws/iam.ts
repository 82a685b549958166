import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** What the checks need of IAM. */
export interface RoleService {
  /** A role's trust policy, JSON text. @throws SERVICE_REFUSED with NoSuchEntityException, AccessDenied */
  readTrustPolicy(roleName: string): Promise<string>;
  /** What the simulator says of one action; it does not see organisation policies, so it is a likelihood. */
  simulate(principalArn: string, action: string, resource: string, passedTo: string): Promise<"allowed" | "denied">;
  /** Makes a role with one inline policy; a role that is there already keeps its trust policy. @returns its ARN */
  createRole(role: NewRole): Promise<string>;
  close(): void;
}

/** A role as it is made. */
export interface NewRole {
  readonly roleName: string;
  /** JSON text. */
  readonly trustPolicy: string;
  readonly policyName: string;
  /** JSON text. */
  readonly policy: string;
}

/** Makes and finds roles. Close it after use. */
export function openRoleService(connection: Connection): RoleService {
  const client = new sdk.iam.IAMClient(makeClientOptions(connection));
  return {
    async readTrustPolicy(roleName) {
      return calling("IAM", "GetRole", async () => {
        const { Role: role } = await client.send(new sdk.iam.GetRoleCommand({ RoleName: roleName }));
        // The document comes percent-encoded.
        return decodeURIComponent(role?.AssumeRolePolicyDocument ?? "");
      });
    },
    async simulate(principalArn, action, resource, passedTo) {
      return calling("IAM", "SimulatePrincipalPolicy", async () => {
        const { EvaluationResults: results = [] } = await client.send(
          new sdk.iam.SimulatePrincipalPolicyCommand({
            PolicySourceArn: principalArn,
            ActionNames: [action],
            ResourceArns: [resource],
            ContextEntries: [
              { ContextKeyName: "iam:PassedToService", ContextKeyType: "string", ContextKeyValues: [passedTo] },
            ],
          }),
        );
        return results.every(({ EvalDecision: decision }) => decision === "allowed") ? "allowed" : "denied";
      });
    },
    async createRole({ roleName, trustPolicy, policyName, policy }) {
      return calling("IAM", "CreateRole", async () => {
        const command = new sdk.iam.CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trustPolicy });
        const { Role: role } = await client.send(command).catch(async (error: unknown) => {
          if (!(error instanceof Error) || error.name !== "EntityAlreadyExistsException") throw error;
          return client.send(new sdk.iam.GetRoleCommand({ RoleName: roleName }));
        });
        await client.send(
          new sdk.iam.PutRolePolicyCommand({ RoleName: roleName, PolicyName: policyName, PolicyDocument: policy }),
        );
        return role?.Arn ?? "";
      });
    },
    close: () => client.destroy(),
  };
}
