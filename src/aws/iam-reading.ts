import type { ContextKeyTypeEnum } from "@aws-sdk/client-iam";
import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/** A role as IAM knows it. */
export interface RoleFacts {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number | undefined;
  /** JSON text. */
  readonly trustPolicy: string;
  readonly boundaryArn: string | undefined;
}

/** One thing that a principal wants to do. */
export interface SimulatedRight {
  /** A user or role; sessions are not taken. */
  readonly principalArn: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the simulator does not fill in by itself. */
  readonly keys: Readonly<Record<string, string>>;
}

/** What the simulator says: of the principal's own policies and boundary. */
export interface SimulatedDecision {
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** The policies whose statements decided, as the simulator calls them. */
  readonly policyIds: readonly string[];
  readonly isAllowedByBoundary: boolean | undefined;
  readonly isAllowedByOrganisation: boolean | undefined;
}

/** A policy of a user or role, with its document. */
export interface PolicyText {
  /** The name of an inline policy, the ARN of an attached one. */
  readonly id: string;
  readonly isInline: boolean;
  /** JSON text. */
  readonly document: string;
}

/** What the checks read of IAM. Every call can be refused. @throws SERVICE_REFUSED, UNREACHABLE, CREDENTIALS_REFUSED */
export interface IamReader {
  readRole(roleName: string): Promise<RoleFacts>;
  simulate(right: SimulatedRight): Promise<SimulatedDecision>;
  /** Every policy of a user or role, inline and attached; groups' policies are not among them. */
  readPolicies(principalArn: string): Promise<readonly PolicyText[]>;
  close(): void;
}

/** Keys that are no plain text: the simulator compares by type. */
const keyTypes: Readonly<Record<string, ContextKeyTypeEnum>> = {
  "aws:SecureTransport": "boolean",
  "aws:TagKeys": "stringList",
};

/** Reads users, roles and what they may do. Close it after use. */
export function openIamReader(connection: Connection): IamReader {
  const client = new sdk.iam.IAMClient(makeClientOptions(connection));
  const readAttached = async (arn: string): Promise<PolicyText> => {
    const { Policy: policy } = await client.send(new sdk.iam.GetPolicyCommand({ PolicyArn: arn }));
    const VersionId = policy?.DefaultVersionId ?? "v1";
    const { PolicyVersion: version } = await client.send(
      new sdk.iam.GetPolicyVersionCommand({ PolicyArn: arn, VersionId }),
    );
    return { id: arn, isInline: false, document: decodeURIComponent(version?.Document ?? "") };
  };
  return {
    async readRole(roleName) {
      return calling("IAM", "GetRole", async () => {
        const { Role: role } = await client.send(new sdk.iam.GetRoleCommand({ RoleName: roleName }));
        return {
          name: roleName,
          arn: role?.Arn ?? "",
          createdAtMs: role?.CreateDate?.getTime(),
          trustPolicy: decodeURIComponent(role?.AssumeRolePolicyDocument ?? ""),
          boundaryArn: role?.PermissionsBoundary?.PermissionsBoundaryArn,
        };
      });
    },
    async simulate({ principalArn, action, resource, keys }) {
      return calling("IAM", "SimulatePrincipalPolicy", async () => {
        const { EvaluationResults: [result] = [] } = await client.send(
          new sdk.iam.SimulatePrincipalPolicyCommand({
            PolicySourceArn: principalArn,
            ActionNames: [action],
            ResourceArns: [resource],
            ContextEntries: Object.entries(keys).map(([ContextKeyName, value]) => ({
              ContextKeyName,
              ContextKeyType: keyTypes[ContextKeyName] ?? "string",
              ContextKeyValues: [value],
            })),
          }),
        );
        return {
          decision: result?.EvalDecision ?? "implicitDeny",
          policyIds: (result?.MatchedStatements ?? []).flatMap(({ SourcePolicyId: id }) => id ?? []),
          isAllowedByBoundary: result?.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
          isAllowedByOrganisation: result?.OrganizationsDecisionDetail?.AllowedByOrganizations,
        };
      });
    },
    async readPolicies(principalArn) {
      const name = principalArn.split("/").at(-1) ?? "";
      const isRole = principalArn.includes(":role/");
      return calling("IAM", isRole ? "ListRolePolicies" : "ListUserPolicies", async () => {
        const [inline, attached] = isRole
          ? await Promise.all([
              client.send(new sdk.iam.ListRolePoliciesCommand({ RoleName: name })),
              client.send(new sdk.iam.ListAttachedRolePoliciesCommand({ RoleName: name })),
            ])
          : await Promise.all([
              client.send(new sdk.iam.ListUserPoliciesCommand({ UserName: name })),
              client.send(new sdk.iam.ListAttachedUserPoliciesCommand({ UserName: name })),
            ]);
        const readInline = async (id: string): Promise<PolicyText> => {
          const { PolicyDocument: document = "" } = isRole
            ? await client.send(new sdk.iam.GetRolePolicyCommand({ RoleName: name, PolicyName: id }))
            : await client.send(new sdk.iam.GetUserPolicyCommand({ UserName: name, PolicyName: id }));
          return { id, isInline: true, document: decodeURIComponent(document) };
        };
        const arns = (attached.AttachedPolicies ?? []).flatMap(({ PolicyArn: arn }) => arn ?? []);
        return Promise.all([...(inline.PolicyNames ?? []).map(readInline), ...arns.map(readAttached)]);
      });
    },
    close: () => client.destroy(),
  };
}
