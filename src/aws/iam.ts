import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { type Connection, makeClientOptions } from "./connection.ts";
import { calling } from "./wrap-error.ts";

/** What the checks need of IAM. */
export interface RoleService {
  /** A role's trust policy, JSON text. @throws SERVICE_REFUSED with NoSuchEntityException, AccessDenied */
  readTrustPolicy(roleName: string): Promise<string>;
  /** What the simulator says of one action; it does not see organisation policies, so it is a likelihood. */
  simulate(principalArn: string, action: string, resource: string, passedTo: string): Promise<"allowed" | "denied">;
  close(): void;
}

export function openRoleService(connection: Connection): RoleService {
  const client = new IAMClient(makeClientOptions(connection));
  return {
    async readTrustPolicy(roleName) {
      return calling("IAM", "GetRole", async () => {
        const { Role: role } = await client.send(new GetRoleCommand({ RoleName: roleName }));
        // The document comes percent-encoded.
        return decodeURIComponent(role?.AssumeRolePolicyDocument ?? "");
      });
    },
    async simulate(principalArn, action, resource, passedTo) {
      return calling("IAM", "SimulatePrincipalPolicy", async () => {
        const { EvaluationResults: results = [] } = await client.send(
          new SimulatePrincipalPolicyCommand({
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
    close: () => client.destroy(),
  };
}
