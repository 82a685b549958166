import type { IamDocuments, PolicyOwner } from "../aws/iam-documents.ts";
import { HalfpriceError, isError } from "../foundation/errors/index.ts";

/** Who calls AWS, and whether setup can give it a policy. */
export interface KnownCaller {
  /** The user or role behind the session: what policies name. */
  readonly arn: string;
  /** Whose inline policies can be written; undefined where they cannot. */
  readonly owner: PolicyOwner | undefined;
  /** Why they cannot, as a whole sentence. */
  readonly why?: string;
  /** Of a role: its trust policy, JSON text, where it could be read. */
  readonly trustPolicy?: string;
}

/**
 * The user or role behind an ARN, with a role's path: `assumed-role/Name/SageMaker` does not say that the role is
 * `service-role/Name`, and only IAM knows.
 * @throws UNREACHABLE, CREDENTIALS_REFUSED, SERVICE_REFUSED
 */
export async function findCaller(callerArn: string, iam: IamDocuments): Promise<KnownCaller> {
  const [, partition, , accountId, kind, rest = ""] =
    /^arn:(aws[^:]*):(iam|sts)::(\d{12}):(user|role|assumed-role|root|federated-user)\/?(.*)$/.exec(callerArn) ?? [];
  if (kind === "user") return { arn: callerArn, owner: { kind: "user", name: rest.slice(rest.lastIndexOf("/") + 1) } };
  if (kind === "role" || kind === "assumed-role") {
    const name = kind === "role" ? rest.slice(rest.lastIndexOf("/") + 1) : (rest.split("/")[0] ?? "");
    const guess = kind === "role" ? callerArn : `arn:${partition}:iam::${accountId}:role/${name}`;
    const role = await iam.findRole(name).catch((error: unknown) => {
      if (isError(error, "SERVICE_REFUSED")) return undefined;
      throw error;
    });
    const found = { arn: role?.arn ?? guess, ...(role === undefined ? {} : { trustPolicy: role.trustPolicy }) };
    if (name.startsWith("AWSReservedSSO_")) {
      const why = "Its role is made by IAM Identity Center: the policy goes into its permission set.";
      return { ...found, owner: undefined, why };
    }
    return { ...found, owner: { kind: "role", name } };
  }
  const why =
    kind === "root"
      ? "The account's root may do everything."
      : `Policies cannot be written for ${callerArn}: name a user or role with --caller.`;
  return { arn: callerArn, owner: undefined, why };
}

/** Looks for a caller that was named, for a policy cannot be given to one that is not there. @throws NO_SUCH_CALLER */
export async function findNamedCaller(callerArn: string, iam: IamDocuments): Promise<KnownCaller> {
  const caller = await findCaller(callerArn, iam);
  const { owner, trustPolicy } = caller;
  const isThere = owner?.kind === "user" ? await iam.hasUser(owner.name) : trustPolicy !== undefined;
  if (!isThere) throw new HalfpriceError("NO_SUCH_CALLER", { callerArn });
  return caller;
}
