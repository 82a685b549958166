/** Roles and managed policies: what IAM keeps, and what an enforcement of it will ask for. */
import { join } from "node:path";
import { type Kept, openKept } from "../kept.ts";
import type { World } from "../service.ts";
import { QueryError } from "../wire/query-service.ts";

export interface IamTag {
  readonly key: string;
  readonly value: string;
}

export interface Role {
  readonly name: string;
  readonly path: string;
  /** `AROA…`, 21 characters. */
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  /** The trust policy, JSON as it was sent. */
  readonly trust: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  readonly boundaryArn?: string;
  readonly tags: readonly IamTag[];
  /** Name → JSON as it was sent. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies, in the order in which they were attached. */
  readonly attached: readonly string[];
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
  /** Its only version is v1. */
  readonly document: string;
}

export interface IamData {
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
  saveRole(role: Role): Promise<void>;
  removeRole(name: string): Promise<void>;
  savePolicy(policy: ManagedPolicy): Promise<void>;
  removePolicy(arn: string): Promise<void>;
  /** The documents that say what a role may do: inline ones, and those of attached policies that are kept here. */
  listPermissions(role: Role): string[];
}

export async function openIamStore(world: Pick<World, "dataDir">): Promise<IamStore> {
  const kept: Kept<IamData> = await openKept(join(world.dataDir, "iam.json"), { roles: {}, policies: {} });
  const findRole = (name: string): Role | undefined =>
    Object.hasOwn(kept.value.roles, name) ? kept.value.roles[name] : undefined;
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
    saveRole: (role) => kept.update((data) => ({ ...data, roles: { ...data.roles, [role.name]: role } })),
    removeRole: (name) => kept.update((data) => ({ ...data, roles: without(data.roles, name) })),
    savePolicy: (policy) => kept.update((data) => ({ ...data, policies: { ...data.policies, [policy.arn]: policy } })),
    removePolicy: (arn) => kept.update((data) => ({ ...data, policies: without(data.policies, arn) })),
    listPermissions: (role) => [
      ...Object.values(role.inline),
      ...role.attached.flatMap((arn) => kept.value.policies[arn]?.document ?? []),
    ],
  };
}

const without = <T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));

const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A unique id as IAM makes them: four letters for the kind, then seventeen. */
export function makeIamId(kind: "AROA" | "ANPA" | "AIDA" | "ASIA", random: () => number, length = 17): string {
  return kind + Array.from({ length }, () => idAlphabet.charAt(Math.floor(random() * idAlphabet.length))).join("");
}
