/** Users, roles and managed policies: what IAM keeps, and what its enforcement asks for. */
import { join } from "node:path";
import { type Kept, openKept } from "../kept.ts";
import { QueryError } from "../wire/query-error.ts";
import { awsManagedPolicies } from "./aws-managed-policies.ts";

export interface IamTag {
  readonly key: string;
  readonly value: string;
}

/** What users and roles have in common. */
export interface Identity {
  readonly name: string;
  readonly path: string;
  /** `AROA…` or `AIDA…`, 21 characters. */
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly boundaryArn?: string;
  readonly tags: readonly IamTag[];
  /** Name → JSON as it was sent. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies, in the order in which they were attached. */
  readonly attached: readonly string[];
}

export interface Role extends Identity {
  /** The trust policy, JSON as it was sent. */
  readonly trust: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
}

export interface UserKey {
  /** `AKIA…`, 20 characters. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: "Active" | "Inactive";
  readonly createdAtMs: number;
}

export interface User extends Identity {
  readonly keys: readonly UserKey[];
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  /** `ANPA…`, 21 characters. */
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly description?: string;
  readonly tags: readonly IamTag[];
  /** Of the default version. */
  readonly document: string;
  /** In the order in which they were made; where left out, v1 alone with `document`. */
  readonly versions?: readonly PolicyVersion[];
  /** `v1` where left out. */
  readonly defaultVersionId?: string;
  /** The number of the last version ever made: numbers are not used again. 1 where left out. */
  readonly lastVersion?: number;
}

export interface PolicyVersion {
  /** `v1`. */
  readonly id: string;
  readonly document: string;
  readonly createdAtMs: number;
}

/** A document under the name by which an answer calls it. */
export interface NamedDocument {
  readonly id: string;
  readonly document: string;
}

export interface IamData {
  /** By name; names differ in more than case. Data of the time before there were users has none. */
  readonly users?: Readonly<Record<string, User>>;
  /** By name; names differ in more than case. */
  readonly roles: Readonly<Record<string, Role>>;
  /** By ARN. */
  readonly policies: Readonly<Record<string, ManagedPolicy>>;
}

export interface IamStore {
  readonly data: IamData;
  findRole(name: string): Role | undefined;
  findRoleByArn(arn: string): Role | undefined;
  /** @throws QueryError NoSuchEntity */
  getRole(name: string): Role;
  findUserByArn(arn: string): User | undefined;
  /** @throws QueryError NoSuchEntity */
  getUser(name: string): User;
  saveUser(user: User): Promise<void>;
  removeUser(name: string): Promise<void>;
  listUsers(): readonly User[];
  saveRole(role: Role): Promise<void>;
  removeRole(name: string): Promise<void>;
  savePolicy(policy: ManagedPolicy): Promise<void>;
  removePolicy(arn: string): Promise<void>;
  /** The documents that say what a user or role may do: inline ones, and those of the policies that are attached. */
  listPermissions(identity: Identity): NamedDocument[];
  /** The document of a managed policy, the account's or AWS's own; undefined where neither is known. */
  findDocument(policyArn: string): NamedDocument | undefined;
}

export async function openIamStore({ dataDir }: { readonly dataDir: string }): Promise<IamStore> {
  const kept: Kept<IamData> = await openKept(join(dataDir, "iam.json"), { roles: {}, policies: {} });
  const findRole = (name: string): Role | undefined =>
    Object.hasOwn(kept.value.roles, name) ? kept.value.roles[name] : undefined;
  const users = (): Readonly<Record<string, User>> => kept.value.users ?? {};
  const findDocument = (arn: string): NamedDocument | undefined => {
    const awsName = arn.replace(/^.*::aws:policy\//, "");
    const document =
      kept.value.policies[arn]?.document ??
      (Object.hasOwn(awsManagedPolicies, awsName) ? awsManagedPolicies[awsName] : undefined);
    return document === undefined ? undefined : { id: arn.slice(arn.lastIndexOf("/") + 1), document };
  };
  return {
    get data() {
      return kept.value;
    },
    findRole,
    findRoleByArn: (arn) => Object.values(kept.value.roles).find((role) => role.arn === arn),
    getRole(name) {
      const role = findRole(name);
      if (role !== undefined) return role;
      throw new QueryError("NoSuchEntity", 404, `The role with name ${name} cannot be found.`);
    },
    findUserByArn: (arn) => Object.values(users()).find((user) => user.arn === arn),
    getUser(name) {
      const user = Object.hasOwn(users(), name) ? users()[name] : undefined;
      if (user !== undefined) return user;
      throw new QueryError("NoSuchEntity", 404, `The user with name ${name} cannot be found.`);
    },
    saveUser: (user) => kept.update((data) => ({ ...data, users: { ...data.users, [user.name]: user } })),
    removeUser: (name) => kept.update((data) => ({ ...data, users: without(data.users ?? {}, name) })),
    listUsers: () => Object.values(users()),
    findDocument,
    saveRole: (role) => kept.update((data) => ({ ...data, roles: { ...data.roles, [role.name]: role } })),
    removeRole: (name) => kept.update((data) => ({ ...data, roles: without(data.roles, name) })),
    savePolicy: (policy) => kept.update((data) => ({ ...data, policies: { ...data.policies, [policy.arn]: policy } })),
    removePolicy: (arn) => kept.update((data) => ({ ...data, policies: without(data.policies, arn) })),
    listPermissions: (identity) => [
      ...Object.entries(identity.inline).map(([name, document]) => ({
        // So AWS's simulator names inline policies.
        id: `${identity.id.startsWith("AROA") ? "role" : "user"}_${identity.name}_${name}`,
        document,
      })),
      ...identity.attached.flatMap((arn) => findDocument(arn) ?? []),
    ],
  };
}

const without = <T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));

const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A unique id as IAM makes them: four letters for the kind, then seventeen. */
export function makeIamId(kind: "AROA" | "ANPA" | "AIDA" | "ASIA" | "AKIA", random: () => number, length = 17): string {
  return kind + Array.from({ length }, () => idAlphabet.charAt(Math.floor(random() * idAlphabet.length))).join("");
}
