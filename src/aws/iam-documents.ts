import { defined } from "../foundation/defined.ts";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling, isRefusal } from "./wrap-error.ts";

/** A user or a role, by its name without path. */
export interface PolicyOwner {
  readonly kind: "user" | "role";
  readonly name: string;
}

/** A role and its trust policy as IAM has them. */
export interface FoundRole {
  /** With its path, as `service-role/` in the roles that SageMaker makes. */
  readonly arn: string;
  readonly createdAtMs: number;
  /** JSON text. */
  readonly trustPolicy: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** One question to the simulator: each action on each resource, with these condition keys. */
export interface Simulation {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly keys: Readonly<Record<string, string>>;
}

/** Roles and inline policies, as setup reads and writes them. Every call throws SERVICE_REFUSED where IAM refuses. */
export interface IamDocuments {
  findRole(roleName: string): Promise<FoundRole | undefined>;
  hasUser(userName: string): Promise<boolean>;
  createRole(roleName: string, trustPolicy: string, tags: Readonly<Record<string, string>>): Promise<void>;
  putTrustPolicy(roleName: string, trustPolicy: string): Promise<void>;
  deleteRole(roleName: string): Promise<void>;
  /** JSON text; undefined where there is no such policy, or no such owner. */
  findPolicy(owner: PolicyOwner, policyName: string): Promise<string | undefined>;
  /** Characters of all inline policies of an owner but one, as IAM counts them: without white space. 0 where they may not be read. */
  measurePolicies(owner: PolicyOwner, exceptName: string): Promise<number>;
  putPolicy(owner: PolicyOwner, policyName: string, policy: string): Promise<void>;
  deletePolicy(owner: PolicyOwner, policyName: string): Promise<void>;
  /** The pairs of action and resource that the owner's own policies do not allow. It does not see the organisation's. */
  findDenied(
    principalArn: string,
    simulation: Simulation,
  ): Promise<readonly { readonly action: string; readonly resource: string }[]>;
  close(): void;
}

/** Undefined where IAM says that there is no such thing. */
async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isRefusal(error, "NoSuchEntityException", "NoSuchEntity")) return undefined;
    throw error;
  }
}

/** Documents come percent-encoded. */
const decode = (document: string | undefined): string => decodeURIComponent(document ?? "");

/** Reads and writes the documents of roles and users: trust, inline policies, tags. Close it after use. */
export function openIamDocuments(connection: Connection): IamDocuments {
  const client = new sdk.iam.IAMClient(makeClientOptions(connection));
  return {
    findRole: (roleName) =>
      unlessMissing(
        calling("IAM", "GetRole", async () => {
          const { Role: role } = await client.send(new sdk.iam.GetRoleCommand({ RoleName: roleName }));
          return {
            arn: role?.Arn ?? "",
            createdAtMs: role?.CreateDate?.getTime() ?? 0,
            trustPolicy: decode(role?.AssumeRolePolicyDocument),
            tags: Object.fromEntries((role?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
          };
        }),
      ),
    hasUser: async (userName) => {
      const found = unlessMissing(
        calling("IAM", "GetUser", () => client.send(new sdk.iam.GetUserCommand({ UserName: userName }))),
      );
      return (await found) !== undefined;
    },
    createRole: (roleName, trustPolicy, tags) =>
      calling("IAM", "CreateRole", async () => {
        await client.send(
          new sdk.iam.CreateRoleCommand({
            RoleName: roleName,
            AssumeRolePolicyDocument: trustPolicy,
            Description: "Bedrock runs the batch jobs of halfprice with it",
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
      }),
    putTrustPolicy: (roleName, trustPolicy) =>
      calling("IAM", "UpdateAssumeRolePolicy", async () => {
        await client.send(
          new sdk.iam.UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: trustPolicy }),
        );
      }),
    deleteRole: (roleName) =>
      calling("IAM", "DeleteRole", async () => {
        await client.send(new sdk.iam.DeleteRoleCommand({ RoleName: roleName }));
      }),
    findPolicy: ({ kind, name }, policyName) =>
      unlessMissing(
        calling("IAM", kind === "role" ? "GetRolePolicy" : "GetUserPolicy", async () => {
          const { PolicyDocument: document } =
            kind === "role"
              ? await client.send(new sdk.iam.GetRolePolicyCommand({ RoleName: name, PolicyName: policyName }))
              : await client.send(new sdk.iam.GetUserPolicyCommand({ UserName: name, PolicyName: policyName }));
          return decode(document);
        }),
      ),
    async measurePolicies({ kind, name }, exceptName) {
      try {
        return await calling("IAM", kind === "role" ? "ListRolePolicies" : "ListUserPolicies", async () => {
          const { PolicyNames: names = [] } =
            kind === "role"
              ? await client.send(new sdk.iam.ListRolePoliciesCommand({ RoleName: name }))
              : await client.send(new sdk.iam.ListUserPoliciesCommand({ UserName: name }));
          let characters = 0;
          for (const policyName of names.filter((each) => each !== exceptName)) {
            const { PolicyDocument: document } =
              kind === "role"
                ? await client.send(new sdk.iam.GetRolePolicyCommand({ RoleName: name, PolicyName: policyName }))
                : await client.send(new sdk.iam.GetUserPolicyCommand({ UserName: name, PolicyName: policyName }));
            characters += decode(document).replace(/\s/g, "").length;
          }
          return characters;
        });
      } catch (error) {
        if (isRefusal(error, "AccessDenied", "AccessDeniedException", "NoSuchEntityException", "NoSuchEntity"))
          return 0;
        throw error;
      }
    },
    putPolicy: ({ kind, name }, policyName, policy) =>
      calling("IAM", kind === "role" ? "PutRolePolicy" : "PutUserPolicy", async () => {
        const document = { PolicyName: policyName, PolicyDocument: policy };
        if (kind === "role") await client.send(new sdk.iam.PutRolePolicyCommand({ RoleName: name, ...document }));
        else await client.send(new sdk.iam.PutUserPolicyCommand({ UserName: name, ...document }));
      }),
    deletePolicy: ({ kind, name }, policyName) =>
      calling("IAM", kind === "role" ? "DeleteRolePolicy" : "DeleteUserPolicy", async () => {
        if (kind === "role")
          await client.send(new sdk.iam.DeleteRolePolicyCommand({ RoleName: name, PolicyName: policyName }));
        else await client.send(new sdk.iam.DeleteUserPolicyCommand({ UserName: name, PolicyName: policyName }));
      }),
    findDenied: (principalArn, { actions, resources, keys }) =>
      calling("IAM", "SimulatePrincipalPolicy", async () => {
        const denied: { action: string; resource: string }[] = [];
        let marker: string | undefined;
        do {
          const page = await client.send(
            new sdk.iam.SimulatePrincipalPolicyCommand({
              PolicySourceArn: principalArn,
              ActionNames: [...actions],
              ResourceArns: [...resources],
              ContextEntries: Object.entries(keys).map(([name, value]) => ({
                ContextKeyName: name,
                ContextKeyType: "string",
                ContextKeyValues: [value],
              })),
              ...defined({ Marker: marker }),
            }),
          );
          for (const result of page.EvaluationResults ?? []) {
            const { EvalDecision: decision, EvalActionName: action = "", EvalResourceName: resource = "" } = result;
            if (decision !== "allowed") denied.push({ action, resource });
          }
          marker = page.IsTruncated === true ? page.Marker : undefined;
        } while (marker !== undefined);
        return denied;
      }),
    close: () => client.destroy(),
  };
}
